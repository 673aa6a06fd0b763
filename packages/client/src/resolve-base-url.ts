/**
 * The base URL without its trailing slashes, so that a path can follow it. It is checked here, once, because `fetch`
 * would say the same less clearly at every request.
 */
export function resolveBaseUrl(baseUrl: string | URL): string {
  // Only pages and workers have a location.
  const page = (globalThis as { location?: { href: string } }).location?.href
  const url = URL.canParse(baseUrl, page) ? new URL(baseUrl, page) : undefined
  if (url?.protocol !== 'http:' && url?.protocol !== 'https:') {
    throw new TypeError('baseUrl has to be an http or https URL, such as http://localhost:8000')
  }
  if (url.username !== '' || url.password !== '') {
    throw new TypeError('baseUrl must not contain a user name or password; send them in the headers option')
  }
  if (url.search !== '' || url.hash !== '') {
    throw new TypeError('baseUrl must not have a query or fragment, since paths are appended to it')
  }
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`
}
