import { type ChatResponse, createClient, type TurnEvent } from '@colloquy/client'
import { onTestFinished } from 'vitest'
import { startServer } from '../server-process.fixture.js'

/** Starts the built server with these arguments for as long as the test takes, and a client of it. */
export async function serve(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const server = startServer([...argv, '--port', '0', '--shutdown-grace', '0'], env)
  onTestFinished(async () => {
    server.child.kill('SIGTERM')
    const late = setTimeout(() => server.child.kill('SIGKILL'), 10_000)
    await server.ended
    clearTimeout(late)
  })
  const url = await server.url
  return { ...server, address: url, client: createClient({ baseUrl: url }) }
}

/** The text of an answer so far. */
export function textOf(events: readonly TurnEvent[]): string {
  return events.map((event) => (event.type === 'text.delta' ? event.data.text : '')).join('')
}

/** Reads events until one is as wanted, which is the last of them; the reader leaves then. */
export async function readUntil(
  events: AsyncIterable<TurnEvent>,
  isWanted: (event: TurnEvent) => boolean,
): Promise<TurnEvent[]> {
  const read: TurnEvent[] = []
  for await (const event of events) {
    read.push(event)
    if (isWanted(event)) break
  }
  return read
}

/** All events of a stream. */
export function readAll(events: AsyncIterable<TurnEvent>): Promise<TurnEvent[]> {
  return readUntil(events, () => false)
}

/** The names of the functions that were called for an answer. */
export function called({ functions_called }: ChatResponse): string[] {
  return functions_called.map(({ name }) => name)
}

/** The end of an answer that is whole. */
export function endOf(events: readonly TurnEvent[]): ChatResponse {
  const end = events.at(-1)
  if (end?.type !== 'turn.completed') throw new Error(`The answer ended with ${JSON.stringify(end)}.`)
  return end.data
}

/** The id of a turn, when it has begun to say something; the reader leaves then. */
export async function turnSpeaking(events: AsyncIterable<TurnEvent>): Promise<string> {
  const [first] = await readUntil(events, ({ type }) => type === 'text.delta')
  if (first?.type !== 'turn.started') throw new Error(`The answer began with ${JSON.stringify(first)}.`)
  return first.data.turn_id
}
