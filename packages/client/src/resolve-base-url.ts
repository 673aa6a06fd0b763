/**
 * The base URL without its trailing slashes, so that a path can follow it. It is checked here, once, because `fetch`
 * would say the same less clearly at every request. What it is must not be shown: it may have a password.
 */
export function resolveBaseUrl(baseUrl: string | URL): string {
  // Only pages and workers have a location.
  const page = (globalThis as { location?: { href: string } }).location?.href
  try {
    const { origin, pathname, href } = new URL(baseUrl, page)
    // Whatever else a URL may have, such as a user or a query, makes it longer than these two.
    if (origin.startsWith('http') && href === origin + pathname) return origin + pathname.replace(/\/+$/, '')
  } catch {
    // The error of what is no URL has it.
  }
  throw new TypeError('baseUrl is no plain http URL')
}
