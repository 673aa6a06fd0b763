import type { CallOptions, ClientOptions, StreamChatOptions } from './options.js'
import { wait } from './wait.js'

/** What a call is made with: a client's options with their defaults, and the call's own before them. */
export interface Settings
  extends Required<{
    readonly [Option in Exclude<keyof ClientOptions, 'apiKey' | 'headers'>]: NonNullable<
      ClientOptions[Option]
    >
  }> {
  readonly baseUrl: string
  /** The media type that the answer is wanted in. */
  readonly accept: string
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly signal?: AbortSignal | undefined
}

/** What is not given. */
export const defaults: Omit<Settings, 'baseUrl'> = {
  headers: [],
  accept: 'application/json',
  // Called without a `this`: a browser's fetch refuses any but the global object.
  fetch: (url, init) => fetch(url, init),
  timeout: 300_000,
  idleTimeout: 45_000,
  maxEventLength: 8_388_608,
  maxRetries: 2,
  maxReconnects: 10,
  wait,
  random: Math.random,
}

/** Settings with options before them. Throws a `RangeError` for those that cannot work. */
export function settingsOf(
  settings: Settings,
  { headers = {}, ...options }: CallOptions | StreamChatOptions = {},
): Settings {
  const all = {
    ...settings,
    ...defined(options),
    headers: [...settings.headers, ...Object.entries(headers)], // a later one of a name counts
  }
  // All of these names are numbers.
  for (const [name, number] of Object.entries(all) as [string, number][]) {
    if (/imeo|^max/.test(name) && !(number >= 0)) throw new RangeError(`${name} can't be ${number}`)
  }
  return all
}

/** What an object has, without what is undefined. */
export function defined<Value>(object: Readonly<Record<string, Value>>): Record<string, Value & ({} | null)> {
  return Object.fromEntries(
    Object.entries(object).filter((entry): entry is [string, Value & ({} | null)] => entry[1] !== undefined),
  )
}
