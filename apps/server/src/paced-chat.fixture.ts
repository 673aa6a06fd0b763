import { appendFileSync, readdirSync } from 'node:fs'
import { setImmediate, setTimeout } from 'node:timers/promises'

/** What the chat interface below looks at of its context. */
interface Context {
  readonly history: readonly { readonly role: string; readonly content: string }[]
  readonly turnId: string
  readonly state: unknown
  readonly signal: AbortSignal
}

/** What an answer begins with: the messages whose answers were completed before, and those of the history, by their names. */
export interface Preface {
  readonly completed: readonly string[]
  readonly history: readonly string[]
}

/** What is asked for: `name` is one that no other message has. */
export interface Wish {
  readonly name: string
  /** How many pieces the answer has. */
  readonly pieces: number
  /** How long it takes over each, in milliseconds; 0 takes none. */
  readonly pauseMs: number
}

/** The message that asks for an answer. */
export function messageOf({ name, pieces, pauseMs }: Wish): string {
  return `${name} ${pieces} ${pauseMs}`
}

/** What the answer has behind its preface. */
export function textOf({ name, pieces }: Omit<Wish, 'pauseMs'>): string {
  return Array.from({ length: pieces }, (_, index) => pieceOf(name, index + 1)).join('')
}

/** Some have characters of two, three and four bytes. */
const pieceOf = (name: string, n: number) => ` ${name}.${n}${['', 'ü', '€', '🪑'][n % 4]}`

/**
 * A chat interface that takes its time, and says first what it was given. It writes the name of every message that it is asked
 * to answer to the file `CALLS_FILE`, if there is one. `resources` answers with what the process holds.
 */
export default async function* paced(
  message: string,
  { history, turnId, state, signal }: Context,
): AsyncGenerator {
  if (message === 'resources') return yield JSON.stringify(resources())
  const [name = '', pieces, pauseMs] = message.split(' ')
  const file = process.env['CALLS_FILE']
  if (file !== undefined) appendFileSync(file, `${name}\n`)
  const completed = (state ?? []) as readonly string[]
  const users = history.filter(({ role }) => role === 'user')
  const preface: Preface = { completed, history: users.map(({ content }) => content.split(' ')[0] ?? '') }
  yield `${JSON.stringify(preface)}\n`
  const call = { callId: `call of ${turnId}`, name: 'note' }
  yield { type: 'functionCall', ...call, arguments: { name } }
  for (let n = 1; n <= Number(pieces) && !signal.aborted; n += 1) {
    await (pauseMs === '0' ? setImmediate() : setTimeout(Number(pauseMs)))
    if (n === 2) yield { type: 'functionResult', ...call, result: name }
    yield pieceOf(name, n)
  }
  if (!signal.aborted) yield { type: 'state', state: [...completed, name] }
}

/** What the process holds, after a garbage collection. */
export interface Resources {
  /** How many of each kind keep it alive. */
  readonly active: Readonly<Record<string, number>>
  /** How many files and sockets it has open. */
  readonly open: number
  /** In bytes. */
  readonly rss: number
  /** In bytes. */
  readonly heap: number
}

function resources(): Resources {
  globalThis.gc?.()
  const active: Record<string, number> = {}
  for (const kind of process.getActiveResourcesInfo()) active[kind] = (active[kind] ?? 0) + 1
  const { rss, heapUsed } = process.memoryUsage()
  const open = process.platform === 'linux' ? readdirSync('/proc/self/fd').length : 0
  return { active, open, rss, heap: heapUsed }
}
