// What somebody writes who has installed the client: it is compiled and run in a project of its own.
import {
  type ChatResponse,
  type ChatSession,
  type Client,
  type ClientOptions,
  ColloquyError,
  type Conversation,
  createClient,
  type Message,
  NotFoundError,
  type Paged,
  type Session,
  type SessionHandle,
  type Turn,
  TurnError,
  type TurnEvent,
  type TurnStream,
} from '@colloquy/client'

/** Does everything that a client can, with an echo. */
export async function talk(baseUrl: string) {
  const signal: AbortSignal = new AbortController().signal
  const options: ClientOptions = {
    baseUrl: new URL(baseUrl),
    fetch,
    headers: { 'X-From': 'here' },
    timeout: 60_000,
  }
  const client: Client = createClient(options)
  const first: ChatResponse = await client.send('one', { signal, idempotencyKey: `key-${Math.random()}` })
  const session: ChatSession = await client.sessions.get(first.session_id)
  const stream: TurnStream = session.stream({ message: 'two', on_busy: 'queue' })
  const types: TurnEvent['type'][] = []
  for await (const event of stream) types.push(event.type)
  const pieces: string[] = []
  for await (const piece of session.stream('three').textStream) pieces.push(piece)
  const paged: Paged<Message> = session.messages({ limit: 2 })
  const messages: string[] = []
  for await (const { content } of paged) messages.push(content)
  const handle: SessionHandle = client.session(session.session_id)
  const turn: Turn = await handle.turns.get(await stream.turnId)
  const replayed: number[] = []
  for await (const { seq } of handle.turns.events(turn.turn_id, { after: 1 })) replayed.push(seq)
  const updated: Session = await handle.update({ metadata: { shop: 'north' } })
  const conversation: Conversation = client.conversation({ ttl_seconds: 60 })
  const text: string = await conversation.stream('four').text()
  const waiting = conversation.stream('wait')
  await waiting.turnId
  await waiting.cancel({ reason: 'changed my mind' })
  const cancelled: unknown = await waiting.final().catch((error: unknown) => error)
  await handle.delete()
  const gone: unknown = await handle.get().catch((error: unknown) => error)
  return {
    first: first.content,
    types: [...new Set(types)],
    final: (await stream.final()).content,
    pieces: pieces.join(''),
    messages,
    turn: turn.status,
    replays: replayed.length === types.length - 1,
    metadata: updated.metadata,
    text,
    cancelled: cancelled instanceof TurnError && [cancelled.code, cancelled.detail],
    gone: gone instanceof NotFoundError &&
      gone instanceof ColloquyError && [gone.name, gone.code, gone.status],
    health: (await client.health()).status,
    name: typeof (await client.status()).version,
  }
}
