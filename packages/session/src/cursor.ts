import { SessionError } from './session-error.js'

/** Writes where a page of a list ended. Clients treat it as opaque; `list` keeps cursors of different lists apart. */
export function writeCursor(list: string, position: number): string {
  return btoa(`${list}:${position}`).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/**
 * Reads a cursor of the same list back.
 *
 * @throws SessionError `invalid_cursor`
 */
export function readCursor(list: string, cursor: string): number {
  const text = decode(cursor)
  const position = Number(text.slice(list.length + 1))
  // Written again it has to be the same: so there is one cursor for each place, and no other text passes for one.
  if (!Number.isSafeInteger(position) || position < 0 || writeCursor(list, position) !== cursor) {
    throw new SessionError('invalid_cursor', 'The cursor does not come from this list.')
  }
  return position
}

function decode(cursor: string): string {
  try {
    return atob(cursor.replaceAll('-', '+').replaceAll('_', '/'))
  } catch {
    return ''
  }
}
