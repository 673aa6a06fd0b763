import { SessionError } from './session-error.js'

/** Writes where a page of a list ended. Clients treat it as opaque; `list` keeps cursors of different lists apart. */
export function writeCursor(list: string, place: string | number): string {
  return Buffer.from(`${list}:${place}`).toString('base64url')
}

/**
 * Reads a cursor of the same list back.
 *
 * @throws SessionError `invalid_cursor`
 */
export function readCursor(list: string, cursor: string): string {
  const place = Buffer.from(cursor, 'base64url')
    .toString()
    .slice(list.length + 1)
  // Written again it has to be the same: so there is one cursor for each place, and no other text passes for one.
  if (place === '' || writeCursor(list, place) !== cursor) throw invalidCursor()
  return place
}

/** The same for a list whose places are numbers from 0. */
export function readNumberCursor(list: string, cursor: string): number {
  const place = readCursor(list, cursor)
  if (!/^(?:0|[1-9]\d{0,14})$/.test(place)) throw invalidCursor()
  return Number(place)
}

/**
 * A few characters that stand for an id, to keep cursors of the lists of different things apart: a mistake is noticed, and
 * the cursor stays short. It is no secret, and hides nothing (FNV-1a, 32 bits).
 */
export function shortHash(id: string): string {
  let hash = 0x811c9dc5
  for (const byte of new TextEncoder().encode(id)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0
  return hash.toString(36)
}

/** The error for a cursor that a list did not hand out. */
export function invalidCursor(): SessionError {
  return new SessionError('invalid_cursor', 'The cursor does not come from this list.')
}
