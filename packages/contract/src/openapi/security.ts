import type { Route } from '../routes.js'

/** Who may ask the server that a document is about. */
export interface SecurityOptions {
  /** Whether callers need a key. `none`: they may send one, and nobody looks at it. Default: `required`. */
  readonly authentication?: 'required' | 'none'
  /** Who may read the document and its pages: `open`, anybody; `key`, who has a key. Default: `open`. */
  readonly documentation?: 'open' | 'key'
}

/** How callers say who they are. */
export const bearerAuth = {
  type: 'http',
  scheme: 'bearer',
  description:
    'A key, sent as `Authorization: Bearer <key>`. `colloquy keys create` makes one and shows it once; the server knows ' +
    'only its hash. What a key made belongs to it: its sessions and turns do not exist for another key. A server ' +
    'without keys answers to everybody who can reach it.',
} as const

/** Whether a route wants a key. */
export function needsKey({ access }: Route, options: SecurityOptions): boolean {
  const { authentication = 'required', documentation = 'open' } = options
  if (authentication === 'none' || access === 'open') return false
  return access === 'key' || documentation === 'key'
}

/** Whether a route may be answered only for some host names. Where callers need keys, health is told to whoever asks. */
export function checksHost({ access }: Route, { authentication = 'required' }: SecurityOptions): boolean {
  return access !== 'open' || authentication === 'none'
}

/** What a document says of the keys of a route: one is needed, may be sent, or makes no difference. */
export function securityOf(route: Route, options: SecurityOptions): Record<string, string[]>[] {
  if (needsKey(route, options)) return [{ bearerAuth: [] }]
  return route.access === 'key' ? [{ bearerAuth: [] }, {}] : []
}
