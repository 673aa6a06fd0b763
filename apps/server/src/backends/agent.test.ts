import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { readAll, serve, textOf, turnSpeaking } from './served.fixture.js'

const agent = fileURLToPath(new URL('./agent.fixture.ts', import.meta.url))
const start = () => serve([`acp:'${process.execPath}' '${agent}'`], { PATH: process.env['PATH'] ?? '' })

describe('an agent that speaks ACP', () => {
  it('is served over HTTP with two sessions at once, each of which knows what was said in it', async () => {
    const { client, child } = await start()
    const [one, other] = await Promise.all([client.send('I am one'), client.send('I am another')])
    expect(one.content).toMatch(/^agent-session-\d: I am one$/)
    expect(other.content).toMatch(/^agent-session-\d: I am another$/)
    const again = await Promise.all([
      client.send({ session_id: one.session_id, message: 'still one' }),
      client.send({ session_id: other.session_id, message: 'still another' }),
    ])
    expect(again.map(({ content }) => content)).toEqual([
      `${one.content} | still one`,
      `${other.content} | still another`,
    ])
    const children = readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, 'utf8').trim().split(' ')
    expect(children).toHaveLength(1)
  })

  it('streams, and stops when it is told to', async () => {
    const { client } = await start()
    const { session_id } = await client.sessions.create()
    const message = Array.from({ length: 500 }, (_, n) => `word${n}`).join(' ')
    const stream = client.stream({ session_id, message })
    const turn_id = await turnSpeaking(stream)
    await client.session(session_id).turns.cancel(turn_id)
    const events = await readAll(client.session(session_id).turns.events(turn_id))
    expect(events.at(-1)).toMatchObject({ type: 'turn.cancelled', data: { content: textOf(events) } })
    expect(textOf(events)).not.toContain('word499')
    expect((await client.send({ session_id, message: 'and now?' })).content).toContain('and now?')
  })
})
