/**
 * Text without the control characters by which a terminal can be told to do things (C0, C1 and DEL); newlines and tabs
 * stay. Works on any piece of a text, since it looks at single characters only.
 */
export function printable(text: string): string {
  // oxlint-disable-next-line no-control-regex -- control characters are what it looks for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '')
}
