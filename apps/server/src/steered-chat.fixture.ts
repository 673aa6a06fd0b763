/** What the chat interface below looks at of its context. */
interface Context {
  readonly session: { readonly id: string; readonly metadata: Readonly<Record<string, string>> }
  readonly history: readonly { readonly role: string; readonly content: string }[]
  readonly turnId: string
  readonly state: unknown
  readonly signal: AbortSignal
}

/** The gate at which turns wait while it is closed. */
let gate: PromiseWithResolvers<void> | null = null
let waiting = 0
const watchers = new Set<() => void>()

/** Waits at the gate, if it is closed, but not longer than the turn may. */
async function pass(signal: AbortSignal): Promise<void> {
  if (gate === null) return
  waiting += 1
  for (const look of watchers) look()
  const { promise: stopped, resolve } = Promise.withResolvers<void>()
  signal.addEventListener('abort', () => resolve())
  await Promise.race([gate.promise, stopped])
  waiting -= 1
}

/** Resolves when so many turns wait at the gate. */
function whenWaiting(count: number): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (waiting < count) return
      watchers.delete(look)
      resolve()
    }
    watchers.add(look)
    look()
  })
}

const open = () => {
  gate?.resolve()
  gate = null
}

/** Lets everything else run that is ready to. */
const tick = () => new Promise((resolve) => setImmediate(resolve))

/** A piece whose JSON is six times as long as itself. */
const floodPiece = '\u0001'.repeat(32_768)

/**
 * A chat interface that a test steers through the messages themselves:
 *
 * - `close` and `open` the gate at which all other turns wait; `open on SIGTERM`
 * - `waiting 7` answers when seven turns wait there
 * - `pieces 20` answers with twenty numbered pieces, one at a time
 * - `flood 100` answers at once with a hundred pieces of 32 KiB
 * - `say ["a","b"]` answers with these texts, each as text and as data
 * - `memory` answers with what the process holds after a garbage collection, in bytes
 *
 * Anything else is answered with proof of whom it was said to: the token in the session's metadata, the session's id,
 * the number of the message in the session (by the session's state), everything said before, and the message; the same
 * through a function.
 */
export default async function* steered(message: string, context: Context): AsyncGenerator {
  const [command, argument] = message.split(' ')
  const count = Number(argument)
  if (message === 'close') gate ??= Promise.withResolvers()
  else if (message === 'open') open()
  else if (message === 'open on SIGTERM') process.once('SIGTERM', open)
  else if (command === 'waiting') await whenWaiting(count)
  else if (command === 'memory') yield JSON.stringify(memory())
  else if (command === 'flood') for (let n = 0; n < count; n += 1) yield floodPiece
  else if (command === 'say') yield* said(JSON.parse(message.slice(4)) as string[])
  else if (command === 'pieces') yield* pieces(count, context)
  else yield* prove(message, context)
}

function* said(texts: readonly string[]) {
  for (const text of texts) {
    yield { type: 'data', name: 'text', data: text }
    yield text
  }
}

function memory() {
  globalThis.gc?.()
  globalThis.gc?.() // the buffers that the first one has found are no longer counted after the second
  const { heapUsed, external, rss } = process.memoryUsage()
  return { held: heapUsed + external, rss }
}

async function* pieces(count: number, { session, signal }: Context): AsyncGenerator<string> {
  yield `${session.metadata['token']}:`
  await pass(signal)
  for (let n = 1; n <= count && !signal.aborted; n += 1) {
    await tick()
    yield ` ${n}`
  }
}

async function* prove(message: string, { session, history, turnId, state, signal }: Context): AsyncGenerator {
  const token = session.metadata['token'] ?? null
  const number = Number(state ?? 0) + 1
  const call = { callId: `call of ${turnId}`, name: 'note' }
  yield { type: 'functionCall', ...call, arguments: { token, message } }
  await pass(signal)
  yield { type: 'functionResult', ...call, result: { session: session.id, number } }
  const said = history.map(({ content }) => content)
  for (const part of [token, session.id, number, said.length, said.join('|'), message]) {
    await tick()
    yield `${part};`
  }
  yield { type: 'state', state: number }
}
