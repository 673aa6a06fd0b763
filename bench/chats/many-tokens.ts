/** How many tokens it says: with the first and the last event of the turn, these are 10,000 events. */
export const tokenCount = 9_998

/** Says very many tokens. */
export default async function* sayTokens(): AsyncGenerator<string, void, undefined> {
  for (let n = 0; n < tokenCount; n += 1) yield `w${String(n).padStart(4, '0')} `
}
