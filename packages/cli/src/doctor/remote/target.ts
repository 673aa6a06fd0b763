/** The server that is looked at. */
export interface Target {
  /** Without a slash at its end. */
  readonly url: string
  /** Of the key; empty where there is none. */
  readonly headers: Readonly<Record<string, string>>
}

/** The host of a URL, without the brackets of an IPv6 address. */
export function hostOf(url: string): string {
  return new URL(url).hostname.replace(/^\[|\]$/g, '')
}
