/** The tokens of an answer: all of one length, each another one. */
export const tokens: readonly string[] = Array.from(
  { length: 64 },
  (_, n) => `w${String(n).padStart(2, '0')} `,
)

/** Says all tokens as fast as they are taken. */
export default async function* sayTokens(): AsyncGenerator<string, void, undefined> {
  yield* tokens
}
