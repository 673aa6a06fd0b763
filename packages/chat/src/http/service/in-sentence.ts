/** Who did something, as it stands in the middle of a sentence: `The service at …` begins one. */
export function inSentence(who: string): string {
  return `${who.slice(0, 1).toLowerCase()}${who.slice(1)}`
}
