import { ColloquyError } from '@colloquy/client'
import { describe, expect, it } from 'vitest'
import { type SteeredServer, startSteered } from './steered-server.fixture.js'

async function exists({ client }: SteeredServer, id: string): Promise<boolean> {
  try {
    await client.sessions.get(id)
    return true
  } catch (error) {
    if (error instanceof ColloquyError && error.code === 'session_not_found') return false
    throw error
  }
}

/** Asks for these sessions again and again until none of them exists any more. */
async function untilGone(
  server: SteeredServer,
  ids: readonly string[],
  meanwhile = async () => {},
): Promise<void> {
  for (let remaining = ids; remaining.length > 0; ) {
    await meanwhile()
    const still = await Promise.all(remaining.map(async (id) => ((await exists(server, id)) ? [id] : [])))
    remaining = still.flat()
  }
}

describe('sessions that expire under load', () => {
  it('go when their time has come, and never while their turn is running', async () => {
    const server = await startSteered()
    const { client } = server
    const make = (count: number, ttl_seconds: number) =>
      Promise.all(
        Array.from({ length: count }, async () => (await client.sessions.create({ ttl_seconds })).session_id),
      )
    const [live = ''] = await make(1, 60)
    await server.say('close')
    const stream = client.stream({ session_id: live, message: 'pieces 3' })
    const events = stream[Symbol.asyncIterator]()
    expect((await events.next()).value).toMatchObject({ type: 'turn.started' })
    await server.say('waiting 1')
    const waiting = await make(20, 60)
    const turns = waiting.map((session_id) => client.send({ session_id, message: 'pieces 3' }))
    await server.say('waiting 21')

    // All may now be idle for a second, those as well that are not idle because they wait for an answer.
    await Promise.all([live, ...waiting].map((id) => client.session(id).update({ ttl_seconds: 1 })))
    const staying = await make(20, 60)
    const leaving = await make(50, 1)
    await untilGone(server, leaving)
    for (const id of [live, ...waiting]) {
      expect(await client.sessions.get(id)).toMatchObject({
        expires_at: null,
        active_turn_id: expect.any(String),
      })
    }

    await server.say('open')
    for (const { content } of await Promise.all(turns)) expect(content).toMatch(/ 1 2 3$/)
    let last: unknown
    for (let next = await events.next(); next.done !== true; next = await events.next()) last = next.value
    expect(last).toMatchObject({ type: 'turn.completed' })
    await untilGone(server, [live, ...waiting], async () => {
      const chats = staying.map((session_id) => client.send({ session_id, message: 'pieces 5' }))
      expect((await Promise.all(chats)).every(({ content }) => content.endsWith(' 4 5'))).toBe(true)
    })
    expect(await Promise.all(staying.map((id) => exists(server, id)))).toEqual(staying.map(() => true))
    await server.end()
  })
})
