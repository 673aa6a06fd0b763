import type { JsonValue } from '@colloquy/session'
import { z } from 'zod'

/** How deep JSON data may be nested: as deep as that of a chat interface. */
const maxDepth = 128

// What a store takes for the name of something: no NUL, no half of a surrogate pair.
const id = z
  .string()
  .min(1)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, { error: 'has a control character, or half of a surrogate pair' })
/** The latest time that a date can have, in milliseconds since 1970: https://tc39.es/ecma262/#sec-time-values-and-time-range */
const latest = 8.64e15
const time = z.number().min(0).max(latest)
// The end of a session is a time, too: when it was last active and how long it lives then, together.
const half = z
  .number()
  .min(0)
  .max(latest / 2)
const metadata = z.record(z.string(), z.string())
const seq = z.int().min(1)

// JSON.parse makes nothing but JSON, so that there is only its depth to check: by z.json() it could be too deep to be.
const json = z.custom<JsonValue>((value) => value !== undefined && isShallow(value), {
  error: `is missing, or nested deeper than ${maxDepth} levels`,
})

const functionCall = z.strictObject({
  callId: z.string(),
  name: z.string(),
  arguments: json,
  result: json.exactOptional(),
  error: z.string().exactOptional(),
})

const message = z.strictObject({
  messageId: id,
  turnId: id,
  role: z.enum(['user', 'assistant']),
  content: z.string(),
  functionsCalled: z.array(functionCall).exactOptional(),
  status: z.enum(['complete', 'partial']),
  createdAt: time,
})

function event<const Type extends string, Shape extends z.core.$ZodLooseShape>(type: Type, shape: Shape) {
  return z.strictObject({ type: z.literal(type), ...shape, seq })
}

const calledFunction = { callId: z.string(), name: z.string() }
const returned = event('function.returned', {
  ...calledFunction,
  result: json.exactOptional(),
  error: z.string().exactOptional(),
}).refine(({ result, error }) => (result === undefined) !== (error === undefined), {
  error: 'needs a result or an error, and not both',
})

const events = z.discriminatedUnion('type', [
  event('turn.queued', { position: z.int().min(1) }),
  event('turn.started', { sessionId: id, turnId: id }),
  event('text.delta', { text: z.string() }),
  event('function.called', { ...calledFunction, arguments: json }),
  returned,
  event('data', { name: z.string(), data: json }),
  event('turn.completed', {
    sessionId: id,
    turnId: id,
    messageId: id,
    content: z.string(),
    functionsCalled: z.array(functionCall),
    finishReason: z.enum(['stop', 'length', 'content_filter', 'other']),
    usage: z.strictObject({ inputTokens: z.number(), outputTokens: z.number() }).nullable(),
    durationMs: z.number(),
    endedAt: time,
  }),
  event('turn.failed', {
    code: z.enum([
      'chat_failed',
      'chat_timeout',
      'output_too_large',
      'not_ready',
      'overloaded',
      'upstream_failed',
      'store_unavailable',
    ]),
    content: z.string(),
    retryAfterSeconds: z.number().exactOptional(),
  }),
  event('turn.cancelled', { reason: z.string(), content: z.string() }),
  event('turn.interrupted', { reason: z.string(), content: z.string() }),
])

const turn = z.strictObject({
  turnId: id,
  status: z.enum(['queued', 'running', 'completed', 'failed', 'cancelled', 'interrupted']),
  createdAt: time,
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  ended: z.int().min(1).nullable(),
  metadata,
  functionsCalled: z.array(functionCall),
  events: z.array(events).min(1),
  key: z.strictObject({ key: z.string(), fingerprint: z.string(), until: time }).nullable(),
})

/** What the line of a session holds. What depends on several of its values together is looked at elsewhere. */
export const sessionSchema = z.strictObject({
  owner: z.string(),
  sessionId: id,
  createdAt: time,
  ttlMs: half,
  endsAt: time.nullable(),
  metadata,
  chat: z.string().nullable(),
  lastActiveAt: half,
  state: json,
  messages: z.array(message),
  turns: z.array(turn),
})

/** Looks at data level by level: it may be nested deeper than the stack. */
function isShallow(value: unknown): boolean {
  let level: unknown[] = [value]
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > maxDepth) return false
    level = level.flatMap((item) =>
      typeof item === 'object' && item !== null ? (Object.values(item) as unknown[]) : [],
    )
  }
  return true
}
