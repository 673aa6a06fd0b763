/** What some programs take for the end of a line, and JSON does not escape: NEL, LS, PS (UAX #14, class BK). */
const lineEnds = /[\u0085\u2028\u2029]/g

/** A value as a line for a program, with its end. Nothing within it ends a line, whatever reads it. */
export function lineOf(value: object): string {
  const text = JSON.stringify(value).replace(
    lineEnds,
    (end) => `\\u${end.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
  return `${text}\n`
}
