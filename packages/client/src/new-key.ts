/** 128 random bits, to know a request by. Not `randomUUID`: a page that came over plain http has none. */
export function newKey(): string {
  return crypto.getRandomValues(new Uint32Array(4)).join('-')
}
