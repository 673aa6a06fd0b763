/** What an id names; the id starts with it, so that a stray id in a log explains itself. */
export type IdPrefix = 'sess' | 'turn' | 'msg'

/** Makes ids that never repeat. Clients treat them as opaque. */
export type IdSource = (prefix: IdPrefix) => string

/** Ids with 122 random bits, too many to guess: `sess_0b9e41f3c2d84a6b9f3e1d7a5c8b2e40`. */
export const randomIds: IdSource = (prefix) => `${prefix}_${crypto.randomUUID().replaceAll('-', '')}`
