import { expect } from 'vitest'
import type { Chance } from './chance.fixture.js'
import { messageOf, textOf, type Wish } from './paced-chat.fixture.js'
import { type EventAnswer, isFinal, type PlainEvent, type PlainHttp } from './plain-http.fixture.js'

/** Somebody with one session at a time, who does to it whatever may be done. */
export interface StressUser {
  /** Does so until it is time to go. */
  use(isTimeToGo: () => boolean): Promise<void>
}

/** How often what was done, by all users together. */
export type DoneCounts = Map<string, number>

/** What a message is sent with. */
interface Said {
  readonly wish: Wish
  readonly stream: boolean
  readonly onBusy?: 'queue' | 'interrupt'
  readonly onDisconnect?: 'cancel'
  readonly key?: string
}

/** Makes a user. What is not as promised fails. */
export function createStressUser(
  name: string,
  http: PlainHttp,
  chance: Chance,
  done: DoneCounts,
): StressUser {
  let sessionId = ''
  let messages = 0
  const sessionPath = (rest = '') => `/api/v1/sessions/${sessionId}${rest}`

  const wish = (): Wish => {
    messages += 1
    return { name: `${name}-${messages}`, pieces: chance.number(0, 20), pauseMs: chance.number(0, 20) }
  }

  const say = ({ wish, stream, onBusy, onDisconnect, key }: Said) =>
    http.open('POST', '/api/v1/chat', {
      body: {
        message: messageOf(wish),
        session_id: sessionId,
        stream,
        ...(onBusy === undefined ? {} : { on_busy: onBusy }),
        ...(onDisconnect === undefined ? {} : { on_disconnect: onDisconnect }),
      },
      ...(key === undefined ? {} : { headers: { 'Idempotency-Key': key } }),
    })

  const stream = async (said: Omit<Said, 'stream'>): Promise<EventAnswer> => {
    const answer = await say({ ...said, stream: true })
    if ('events' in answer) return answer
    throw new Error(`No stream: ${answer.status} ${JSON.stringify(answer.body)}`)
  }

  const deeds = {
    async 'read a stream'() {
      const said = wish()
      const { events } = await stream({ wish: said })
      expectAnswer(said, await readTurn(events), ['completed'])
    },

    async 'wait for JSON'() {
      const said = wish()
      const answer = await say({ wish: said, stream: false })
      const { content } = ('body' in answer ? answer.body : {}) as { content: string }
      expect({ status: answer.status, text: content?.replace(/^.*\n/, '') }).toEqual({
        status: 200,
        text: textOf(said),
      })
    },

    async 'cancel in the middle'() {
      const said = wish()
      const { events, headers } = await stream({ wish: said })
      const { read, rest } = await readSome(events, chance.number(0, 5))
      const path = sessionPath(`/turns/${String(headers['x-turn-id'])}/cancel`)
      const { status } = await http.ask('POST', path, { body: { reason: 'enough' } })
      expect([202, 409]).toContain(status)
      const turn = await readTurn(rest, read)
      expectAnswer(said, turn, status === 202 ? ['cancelled'] : ['completed'])
    },

    async 'lose the connection and come back'() {
      const said = wish()
      const isToCancel = chance.happens(0.3)
      const { events, headers } = await stream({
        wish: said,
        ...(isToCancel ? { onDisconnect: 'cancel' } : {}),
      })
      const { read, rest } = await readSome(events, chance.number(0, 5))
      await rest.return?.()
      const path = sessionPath(`/turns/${String(headers['x-turn-id'])}/events`)
      const answer = await http.open('GET', path, { headers: { 'Last-Event-ID': `${read.length}` } })
      if ('events' in answer) expectAnswer(said, await readTurn(answer.events, read), ['completed'])
      else expect([answer.status, read.at(-1)?.type]).toEqual([204, 'turn.completed'])
    },

    async 'say three things at once'() {
      await Promise.all(
        [wish(), wish(), wish()].map(async (wish) => {
          const onBusy = chance.pick(['queue', 'queue', 'interrupt'])
          const { events } = await stream({ wish, onBusy })
          expectAnswer(wish, await readTurn(events), ['completed', 'cancelled'])
        }),
      )
    },

    async 'send the same key twice'() {
      const said = wish()
      const answers = await Promise.all([1, 2].map(() => stream({ wish: said, key: said.name })))
      const turns = await Promise.all(answers.map(({ events }) => readTurn(events)))
      expect(answers[0]?.headers['x-turn-id']).toBe(answers[1]?.headers['x-turn-id'])
      expect(turns[0]).toEqual(turns[1])
      expectAnswer(said, turns[0] ?? [], ['completed'])
    },

    async 'delete in the middle'() {
      const said = wish()
      const { events } = await stream({ wish: said })
      const { read, rest } = await readSome(events, chance.number(0, 5))
      expect((await http.ask('DELETE', sessionPath())).status).toBe(204)
      expectAnswer(said, await readTurn(rest, read), ['completed', 'cancelled'])
      expect((await http.ask('GET', sessionPath('/turns'))).status).toBe(404)
      sessionId = ''
    },

    async 'look around'() {
      for (const path of ['', '/messages?order=desc', '/turns?order=desc'])
        expect((await http.ask('GET', sessionPath(path))).status).toBe(200)
      const body = { metadata: { seen: `${messages}` } }
      expect(await http.ask('PATCH', sessionPath(), { body })).toMatchObject({ status: 200, body })
      expect((await http.ask('GET', '/api/v1/sessions?limit=5')).status).toBe(200)
    },
  }

  return {
    async use(isTimeToGo) {
      while (!isTimeToGo()) {
        if (sessionId === '') {
          const { status, body } = await http.ask('POST', '/api/v1/sessions')
          expect(status).toBe(201)
          sessionId = (body as { session_id: string }).session_id
        }
        const names = Object.keys(deeds) as [keyof typeof deeds, ...(keyof typeof deeds)[]]
        const deed = chance.pick(names)
        await deeds[deed]()
        done.set(deed, (done.get(deed) ?? 0) + 1)
      }
    },
  }
}

/** Reads so many events, if there are, and gives back how to read the others. */
async function readSome(events: AsyncIterable<PlainEvent>, count: number) {
  const rest = events[Symbol.asyncIterator]()
  const read: PlainEvent[] = []
  while (read.length < count) {
    const step = await rest.next()
    if (step.done === true) break
    read.push(step.value)
  }
  return { read, rest }
}

/** Reads a turn to its end: every number once and in order, one end and nothing behind it. */
async function readTurn(
  events: AsyncIterable<PlainEvent> | AsyncIterator<PlainEvent>,
  read: readonly PlainEvent[] = [],
): Promise<readonly PlainEvent[]> {
  const iterator = Symbol.asyncIterator in events ? events[Symbol.asyncIterator]() : events
  const turn = [...read]
  for (let step = await iterator.next(); step.done !== true; step = await iterator.next())
    turn.push(step.value)
  expect(turn.map(({ seq }) => seq)).toEqual(turn.map((_, index) => index + 1))
  expect(turn.findIndex(isFinal)).toBe(turn.length - 1)
  return turn
}

/** The turn ended in one of these ways, with the text that the chat interface says, or its beginning. */
function expectAnswer(wish: Wish, turn: readonly PlainEvent[], ends: readonly string[]): void {
  const { type = '', data = '{}' } = turn.at(-1) ?? {}
  expect(
    ends.map((end) => `turn.${end}`),
    data,
  ).toContain(type)
  const { content } = JSON.parse(data) as { content: string }
  const texts = turn.filter(({ type }) => type === 'text.delta')
  expect(texts.map(({ data }) => (JSON.parse(data) as { text: string }).text).join('')).toBe(content)
  const text = content.replace(/^.*\n/, '')
  const whole = textOf(wish)
  expect(type === 'turn.completed' ? whole : whole.slice(0, text.length)).toBe(text)
}
