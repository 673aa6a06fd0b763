/**
 * The path of a session. An empty id would name the list of sessions instead, and a URL's `.` and `..` are resolved
 * even when they are escaped (WHATWG URL, section 4.1), so these three are refused.
 */
export function sessionPath(sessionId: string): string {
  if (sessionId === '' || sessionId === '.' || sessionId === '..') {
    throw new TypeError(`A session id must not be empty, "." or ".."; got ${JSON.stringify(sessionId)}`)
  }
  return `/api/v1/sessions/${encodeURIComponent(sessionId)}`
}
