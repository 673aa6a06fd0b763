import stringWidth from 'string-width'

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** How many columns of a terminal a text takes: two for most emoji and for Chinese, Japanese and Korean characters. */
export function displayWidth(text: string): number {
  return stringWidth(text)
}

/** Text in no more than so many columns, with … in place of what is cut off; no character is cut in two. */
export function cutToWidth(text: string, width: number): string {
  if (text.length <= width / 2 || displayWidth(text) <= width) return text
  let kept = ''
  let left = width - 1
  for (const { segment } of graphemes.segment(text)) {
    left -= displayWidth(segment)
    if (left < 0) break
    kept += segment
  }
  return `${kept}…`.slice(0, width < 1 ? 0 : undefined)
}

/** Text with blanks behind it, or before it, so that it takes so many columns. */
export function padToWidth(text: string, width: number, align: 'left' | 'right' = 'left'): string {
  const blanks = ' '.repeat(Math.max(0, width - displayWidth(text)))
  return align === 'left' ? text + blanks : blanks + text
}
