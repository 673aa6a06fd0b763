/**
 * An id as a part of a path. An empty one would name the list instead, and a URL's `.` and `..` are resolved even when
 * they are escaped (WHATWG URL, section 4.1), so these three are refused.
 */
export function pathPart(what: 'session' | 'turn', id: string): string {
  if (id === '' || id === '.' || id === '..') {
    throw new TypeError(`A ${what} id must not be empty, "." or ".."; got ${JSON.stringify(id)}`)
  }
  return encodeURIComponent(id)
}
