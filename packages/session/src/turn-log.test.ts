import { describe, expect, it } from 'vitest'
import type { Logger } from './logger.js'
import { testManager } from './manager.fixture.js'

describe('the line of a turn', () => {
  it.each([
    ['client_request', 'client_request'],
    ['what a client wrote', 'other'],
  ])('that was cancelled because of "%s" gives the reason as %s', async (reason, logged) => {
    const lines: object[] = []
    const logger: Logger = {
      debug() {},
      info: (fields, message) => void lines.push({ ...fields, message }),
      warn() {},
      error() {},
      child: () => logger,
    }
    const { manager, clock } = testManager(
      async function* (_message, { signal }) {
        yield 'half'
        await new Promise((resolve) => signal.addEventListener('abort', resolve))
      },
      { logger },
    )
    const turn = await manager.startTurn({ message: 'hi' })
    await clock.advance(70)
    await manager.cancelTurn(turn, { reason })
    expect(await turn.ended).toMatchObject({ reason })
    await manager.close()
    expect(lines).toEqual([
      {
        message: 'turn cancelled',
        session_id: turn.sessionId,
        turn_id: turn.turnId,
        outcome: 'cancelled',
        reason: logged,
        duration_ms: 70,
        first_event_ms: 0,
        events: 3,
      },
    ])
  })
})
