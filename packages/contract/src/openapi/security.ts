import { type AccessRules, needsKey } from '../access.js'
import type { Route } from '../routes.js'

/** How callers say who they are. */
export const bearerAuth = {
  type: 'http',
  scheme: 'bearer',
  description:
    'A key, sent as `Authorization: Bearer <key>`. `colloquy keys create` makes one and shows it once; the server knows ' +
    'only its hash. What a key made belongs to it: its sessions and turns do not exist for another key. A server ' +
    'without keys answers to everybody who can reach it.',
} as const

/** What a document says of the keys of a route: one is needed, may be sent, or makes no difference. */
export function securityOf(route: Route, rules: AccessRules): Record<string, string[]>[] {
  if (needsKey(route, rules)) return [{ bearerAuth: [] }]
  return route.access === 'key' ? [{ bearerAuth: [] }, {}] : []
}
