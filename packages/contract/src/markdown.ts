/**
 * Markdown as it is written here, with its paragraphs on lines of their own: some pages take the end of a line for the
 * end of a line. Tables, lists and headings keep theirs.
 */
export function markdown(text: string): string {
  return text.replaceAll(/(?<!\n|\|)\n(?!\n|\||-|#)/g, ' ')
}
