import { type ChatRequest, type Client, createClient } from '@colloquy/client'
import { expect, it } from 'vitest'
import { type Chance, createChance } from './chance.fixture.js'
import { type Cut, startCuttingProxy } from './cutting-proxy.fixture.js'
import { createDurableServer } from './durable-server.fixture.js'
import { byChance, isLongRun, seed, tell } from './long-run.fixture.js'
import { messageOf, type Preface, textOf, type Wish } from './paced-chat.fixture.js'

const cuts = isLongRun ? 1_000 : 100

it(
  `answers are whole, and given once, over connections that are cut ${cuts} times at any byte`,
  {
    timeout: isLongRun ? 600_000 : 120_000,
  },
  () =>
    byChance(async () => {
      const chance = createChance(seed)
      const server = await createDurableServer()
      await server.start()
      const ways = chance.split()
      const proxy = await startCuttingProxy(server.port, () => planCut(ways))
      const client = createClient({
        baseUrl: proxy.url,
        wait: async () => {}, // what breaks is soon whole again
        maxRetries: 100,
        maxReconnects: 100,
      })
      const talks = Array.from({ length: 4 }, async (_, index) => {
        const own = chance.split()
        const said: Said[] = []
        while (proxy.cuts() < cuts)
          said.push(await talk(client, wishesOf(`t${index}-${said.length}`, own), own))
        return said
      })
      const said = (await Promise.all(talks)).flat()
      const direct = createClient({ baseUrl: `http://localhost:${server.port}` })
      for (const { sessionId, names } of said) await expectOneTurnEach(direct, sessionId, names)
      expect((await server.calls()).toSorted()).toEqual(said.flatMap(({ names }) => names).toSorted())
      for (const [cut, count] of Object.entries(proxy.counts)) expect(count, cut).toBeGreaterThan(0)
      await server.end()
      tell({ cuts: proxy.cuts(), chats: said.flatMap(({ names }) => names).length, ...proxy.counts })
    }),
)

/** Every connection breaks: somewhere, and somehow. */
function planCut(chance: Chance): Cut {
  const direction = chance.pick(['request', 'answer', 'answer', 'answer'])
  const bytes = chance.number(0, chance.pick(direction === 'request' ? [200, 600] : [500, 2_000, 8_000]))
  return { direction, bytes, how: chance.pick(['FIN', 'RST']) }
}

/** Messages for one session. */
function* wishesOf(talker: string, chance: Chance): Generator<Wish> {
  for (let n = 1; n <= 20; n += 1)
    yield { name: `${talker}-${n}`, pieces: chance.number(0, 60), pauseMs: chance.number(0, 2) }
}

/** What was said in a session. */
interface Said {
  readonly sessionId: string
  readonly names: readonly string[]
}

/** Says one thing after the other in a session. Each answer has to be what the chat interface said, to the letter. */
async function talk(client: Client, wishes: Iterable<Wish>, chance: Chance): Promise<Said> {
  const names: string[] = []
  let sessionId = ''
  for (const wish of wishes) {
    const on_disconnect = chance.pick(['continue', 'cancel'])
    const session = sessionId === '' ? {} : { session_id: sessionId }
    const request = { message: messageOf(wish), on_disconnect, ...session }
    const ask = chance.happens(0.7) ? readStream : readAnswer
    const answer = await ask(client, request)
    const preface: Preface = { completed: names, history: names }
    expect(answer.text, wish.name).toBe(`${JSON.stringify(preface)}\n${textOf(wish)}`)
    names.push(wish.name)
    sessionId = answer.sessionId
  }
  return { sessionId, names }
}

type Ask = (
  client: Client,
  request: Omit<ChatRequest, 'stream'>,
) => Promise<{ readonly text: string; readonly sessionId: string }>

const readAnswer: Ask = async (client, request) => {
  const { content, session_id: sessionId } = await client.send(request)
  return { text: content, sessionId }
}

const readStream: Ask = async (client, request) => {
  const stream = client.stream(request)
  const seqs: number[] = []
  let text = ''
  let type = ''
  for await (const event of stream) {
    seqs.push(event.seq)
    if (event.type === 'text.delta') text += event.data.text
    type = event.type
    if (event.type === 'turn.completed') expect(event.data.content).toBe(text)
  }
  expect(seqs).toEqual(seqs.map((_, index) => index + 1))
  expect(type).toBe('turn.completed')
  return { text, sessionId: await stream.sessionId }
}

/** Every message is in the session once, and was answered by a turn of its own. */
async function expectOneTurnEach(client: Client, sessionId: string, names: readonly string[]): Promise<void> {
  const said: string[] = []
  const turns = new Set<string>()
  for await (const { role, content, turn_id } of client.session(sessionId).messages({ limit: 200 })) {
    if (role === 'user') said.push(content.split(' ')[0] ?? '')
    turns.add(turn_id)
  }
  expect(said).toEqual(names)
  expect(turns.size).toBe(names.length)
}
