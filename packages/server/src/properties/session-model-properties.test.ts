import { createManualClock } from '@colloquy/session/testing'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { echo, startServer } from '../server.fixture.js'
import { holdProperty, propertyTimeout } from './hold-property.fixture.js'
import { type Model, type Real, sessionCommands } from './session-commands.fixture.js'

describe('sessions over HTTP', () => {
  it('are as a simple model of them says, whatever is done in whatever order', {
    timeout: propertyTimeout,
  }, async () => {
    const clock = createManualClock()
    const server = await startServer(echo, { manager: { clock } })
    const property = fc.asyncProperty(sessionCommands, async (commands) => {
      for (const { sessionId } of (await server.manager.sessions.list({ limit: 200 })).data)
        await server.manager.sessions.delete(sessionId)
      const setup = (): { model: Model; real: Real } => ({
        model: { sessions: new Map(), now: clock.now() },
        real: { server, clock },
      })
      await fc.asyncModelRun(setup, commands)
    })
    await holdProperty(property, 100)
    expect(server.lines.filter(({ level }) => Number(level) >= 50)).toEqual([])
  })
})
