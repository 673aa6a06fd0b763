/**
 * About how many tokens a text takes: a quarter of its bytes in UTF-8. English comes to about four characters a token, and
 * writing systems with longer characters to fewer, so bytes are nearer to the truth than characters.
 */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / 4)
}
