import type { TurnEvent } from '@colloquy/client'
import { describe, expect, it } from 'vitest'
import { startSteered } from './steered-server.fixture.js'

const streams = 100

describe('SIGTERM in the middle of a hundred streams', () => {
  it.each([
    { how: 'lets them finish within the grace', grace: '30', opens: true, end: 'turn.completed' },
    { how: 'interrupts them after the grace', grace: '0.1', opens: false, end: 'turn.interrupted' },
  ])('$how, so that each has its final event, and the server ends with 0', async ({ grace, opens, end }) => {
    const server = await startSteered(['--shutdown-grace', grace])
    await server.say('close')
    if (opens) await server.say('open on SIGTERM')
    const reading = Promise.all(
      Array.from({ length: streams }, async () => {
        const events: TurnEvent[] = []
        for await (const event of server.client.stream('pieces 5')) events.push(event)
        return events
      }),
    )
    await server.say(`waiting ${streams}`)
    server.child.kill('SIGTERM')
    const all = await reading
    expect(all).toHaveLength(streams)
    for (const events of all) {
      expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => index + 1))
      const last = events.at(-1)
      const content = opens ? 'undefined: 1 2 3 4 5' : 'undefined:'
      expect(last).toMatchObject({ type: end, data: { content, ...(opens ? {} : { reason: 'shutdown' }) } })
    }
    const { exitCode, stderr } = await server.ended
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(server.lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })
})
