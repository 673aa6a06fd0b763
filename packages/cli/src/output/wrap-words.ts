/**
 * Breaks a text between words, so that no line is wider than `width` characters. A word that is wider stays whole, so that it
 * can be copied: the terminal breaks it.
 */
export function wrapWords(text: string, width: number): readonly string[] {
  const lines: string[] = []
  let line = ''
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line)
      line = word
    } else {
      line = line === '' ? word : `${line} ${word}`
    }
  }
  return [...lines, line]
}
