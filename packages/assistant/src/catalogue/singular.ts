/** Makes "chairs", "benches" and "shelves" equal to "chair", "bench" and "shelf"; other words stay as they are. */
export function singular(word: string): string {
  if (word.length < 4 || word.endsWith('ss')) return word
  if (word.endsWith('elves')) return `${word.slice(0, -3)}f`
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`
  if (/(?:ch|sh|ss|x)es$/.test(word)) return word.slice(0, -2)
  return word.endsWith('s') ? word.slice(0, -1) : word
}

/** "chair" → "chairs", "bench" → "benches", "shelf" → "shelves", "coffee table" → "coffee tables". */
export function plural(noun: string): string {
  if (/(?:ch|sh|ss|x)$/.test(noun)) return `${noun}es`
  if (noun.endsWith('elf')) return `${noun.slice(0, -1)}ves`
  if (/[^aeiou]y$/.test(noun)) return `${noun.slice(0, -1)}ies`
  return noun.endsWith('s') ? noun : `${noun}s`
}
