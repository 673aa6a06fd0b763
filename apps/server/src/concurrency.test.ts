import { ColloquyError, type TurnEvent } from '@colloquy/client'
import { describe, expect, it } from 'vitest'
import { type SteeredServer, startSteered } from './steered-server.fixture.js'

interface Conversation {
  readonly id: string
  readonly token: string
  /** The messages that it accepted, in order, each with its answer. */
  readonly said: string[]
}

async function begin({ client }: SteeredServer, count: number): Promise<Conversation[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const token = `token ${n}`
      const { session_id } = await client.sessions.create({ metadata: { token } })
      return { id: session_id, token, said: [] }
    }),
  )
}

/** What the chat interface answers when it was asked in the right session, with the right state and history. */
const proof = ({ token, id, said }: Conversation, message: string) =>
  [token, id, said.length / 2 + 1, said.length, said.join('|'), message].map((part) => `${part};`).join('')

/** Says something, and holds the answer to the conversation; the id of the turn in the way when there is one. */
async function talk({ client }: SteeredServer, to: Conversation, message: string): Promise<string | null> {
  try {
    const answer = await client.send({ session_id: to.id, message })
    expect(answer.session_id).toBe(to.id)
    expect(answer.content).toBe(proof(to, message))
    expect(answer.functions_called).toEqual([
      {
        call_id: `call of ${answer.turn_id}`,
        name: 'note',
        arguments: { token: to.token, message },
        result: { session: to.id, number: to.said.length / 2 + 1 },
      },
    ])
    to.said.push(message, answer.content)
    return null
  } catch (error) {
    const problem = error instanceof ColloquyError ? error.problem : undefined
    if (problem?.code !== 'turn_in_progress' || problem.session_id !== to.id) throw error
    return problem.turn_id ?? ''
  }
}

describe('many at once', () => {
  it('500 chats over 200 sessions are answered each in its own, and none is mixed up with another', async () => {
    const server = await startSteered()
    const conversations = await begin(server, 200)
    await server.say('close')
    const everybody = Array.from({ length: 500 }, (_, n) => ({
      to: conversations[n % 200] as Conversation,
      message: `message ${n}`,
    }))
    const talks = Promise.all(everybody.map(({ to, message }) => talk(server, to, message)))
    await server.say('waiting 200')
    expect((await server.client.status()).turns.running).toBe(200)
    const busy = await Promise.all(conversations.map(({ id }) => server.client.sessions.get(id)))
    const live = new Set(busy.map(({ active_turn_id }) => active_turn_id))
    expect(live.size).toBe(200)
    await server.logged(({ status }) => status === 409, 300) // the others were told who was in their way
    await server.say('open')
    const refused = (await talks).filter((turnId) => turnId !== null)
    expect(refused).toHaveLength(300)
    for (const turnId of refused) expect(live).toContain(turnId)

    // Now one after the other in each session, and all sessions at once.
    const left = everybody.filter(({ to, message }) => !to.said.includes(message))
    const perSession = Map.groupBy(left, ({ to }) => to)
    await Promise.all(
      [...perSession].map(async ([to, all]) => {
        for (const { message } of all) expect(await talk(server, to, message)).toBeNull()
      }),
    )
    for (const { id, said } of conversations) {
      const { data } = await server.client.session(id).messages()
      expect(data.map(({ content }) => content)).toEqual(said)
    }
    expect(conversations.flatMap(({ said }) => said)).toHaveLength(1_000)
    await server.end()
  })

  it('200 streams are live at once, each with its own pieces in order and without a gap', async () => {
    const server = await startSteered()
    const conversations = await begin(server, 200)
    await server.say('close')
    const streams = Promise.all(
      conversations.map(async ({ id }) => {
        const events: TurnEvent[] = []
        const stream = server.client.stream({ session_id: id, message: 'pieces 30' })
        for await (const event of stream) events.push(event)
        return events
      }),
    )
    await server.say('waiting 200')
    expect((await server.client.status()).turns.running).toBe(200)
    await server.say('open')
    for (const [n, events] of (await streams).entries()) {
      const { id, token } = conversations[n] as Conversation
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
      expect(events[0]).toMatchObject({ type: 'turn.started', data: { session_id: id } })
      const text = events.flatMap((event) => (event.type === 'text.delta' ? [event.data.text] : []))
      const whole = `${token}:${Array.from({ length: 30 }, (_, piece) => ` ${piece + 1}`).join('')}`
      expect(text.join('')).toBe(whole)
      expect(events.at(-1)).toMatchObject({
        type: 'turn.completed',
        data: { session_id: id, content: whole },
      })
    }
    await server.end()
  })
})
