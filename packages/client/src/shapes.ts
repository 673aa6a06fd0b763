import type { TurnEvent } from './contract-types.js'

/*
 * What is believed of an answer only when it is so. A shape names the required fields of an object, each with the kinds
 * that it may have: `s`tring (when nothing is said), `n`umber, `b`oolean, `a`rray, `o`bject, `?` for null. Fields beyond
 * a shape are left alone: the contract may grow. A test holds the shapes to the contract's schemas.
 */
const anyJson = 'snbao?'

export const chatResponseShape =
  'session_id turn_id content functions_called:a usage:o? finish_reason message_id duration_ms:n timestamp'
export const sessionShape =
  'session_id created_at last_active_at expires_at:s? active_turn_id:s? chat:s? ttl_seconds:n message_count:n metadata:o'
export const turnShape =
  'session_id turn_id content functions_called:a usage:o? finish_reason:s? status created_at started_at:s? ended_at:s? error:o? metadata:o'
export const pageShape = 'data:a next_cursor:s?'
export const healthShape = 'status components:o timestamp'
export const statusShape = 'components:o name version ready:b chat:o chats:a turns:o'
export const problemShape = 'code detail request_id'

/** What the data of each type of event is made of. */
export const eventShapes = {
  __proto__: null, // so that no name that every object has is a type
  'turn.queued': 'position:n',
  'turn.started': 'session_id turn_id',
  'text.delta': 'text',
  'function.called': `call_id name arguments:${anyJson}`,
  'function.returned': 'call_id name',
  data: `name data:${anyJson}`,
  'turn.completed': chatResponseShape,
  'turn.failed': 'code detail type title content status:n',
  'turn.cancelled': 'reason content',
  'turn.interrupted': 'reason content',
} as unknown as Readonly<Partial<Record<string, string>>> satisfies Partial<Record<TurnEvent['type'], string>>

/** The first field of a value that is not as its shape says, as what it has instead; undefined when there is none. */
export function wrongField(value: unknown, shape: string): string | undefined {
  if (kindOf(value) !== 'o') return 'no object'
  const fields = value as Readonly<Record<string, unknown>>
  for (const field of shape.split(' ')) {
    const [name = '', kinds = 's'] = field.split(':')
    if (!kinds.includes(kindOf(fields[name]))) return `a wrong or missing "${name}"`
  }
  return undefined
}

function kindOf(value: unknown): string {
  if (value === null) return '?'
  return Array.isArray(value) ? 'a' : `${(typeof value)[0]}`
}

/** The value of a JSON text, or undefined: the parser's own error quotes the text, and an answer may repeat the request. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
