/** How much of a message is read. What comes after it is not looked at. */
export const maxLength = 2_000
/** How many words of it. */
export const maxWords = 200

/** Lower-case words, in order. */
export type Words = readonly string[]

/** Takes the place of a word that was understood, so that its neighbours don't become neighbours. */
export const taken = '·'

const signs: readonly (readonly [RegExp, string])[] = [
  [/['’`´]/g, ''],
  // "No, black chairs" asks for what "no black chairs" leaves out.
  [/\bno *(?:[,;:!]|\.(?! ?\d)| [-–—] )(?= *[a-z])(?! *(?:thank|idea))/g, ' nope '],
  [/(\d ?€?) ?[-–—] ?(?=€?\d)/g, '$1 to '],
  [/€/g, ' eur '],
  [/(\d) ?[x×] ?(?=\d)/g, '$1 x '],
  [/#(?=\d)/g, ' number '],
  [/[<]/g, ' under '],
  [/[>]/g, ' above '],
  [/👍|✅|👌/gu, ' yes '],
  [/👎|❌/gu, ' no '],
]

const word =
  /[a-z]+(?:-[a-z]*\d[a-z\d]*)+|(?<![\p{L}\d])-?\d+(?:[.,]\d+)*(?:e\+?\d+)?(?:st|nd|rd|th)?|[\p{L}\d]+/gu

/** Reads the beginning of a message as words and numbers, whatever else is in it. */
export function splitWords(message: string): Words {
  let text = message.slice(0, maxLength).normalize('NFKD').replace(/\p{M}/gu, '').toLowerCase()
  for (const [sign, meaning] of signs) text = text.replace(sign, meaning)
  return (text.match(word) ?? []).slice(0, maxWords).map((found) => found.slice(0, 40))
}

/** The words as one text, with a space around each, for patterns. */
export function spaced(words: Words): string {
  return ` ${words.join(' ')} `
}

/** The words without those from `start` on. */
export function take(words: Words, start: number, length: number): Words {
  return words.map((word, at) => (at >= start && at < start + length ? taken : word))
}
