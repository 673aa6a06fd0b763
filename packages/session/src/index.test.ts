import { describe, expect, it } from 'vitest'

describe('the public names of @colloquy/session', () => {
  it('are these', async () => {
    expect(Object.keys(await import('./index.js')).sort()).toMatchInlineSnapshot(`
      [
        "ChatError",
        "SessionError",
        "TurnTranscript",
        "createSessionManager",
        "defaultLimits",
        "endLiveTurns",
        "interruptedEnd",
        "isChatError",
        "isFinal",
        "isSessionError",
        "logForeign",
        "metadataLimits",
        "randomIds",
        "silentLogger",
        "systemClock",
        "ttlSecondsLimits",
      ]
    `)
    expect(Object.keys(await import('./memory/index.js')).sort()).toMatchInlineSnapshot(`
      [
        "createMemoryStore",
      ]
    `)
    expect(Object.keys(await import('./sqlite/index.js')).sort()).toMatchInlineSnapshot(`
      [
        "createSqliteStore",
      ]
    `)
    expect(Object.keys(await import('./testing/index.js')).sort()).toMatchInlineSnapshot(`
      [
        "createManualClock",
        "testChatInterface",
        "testSessionStore",
      ]
    `)
  })
})
