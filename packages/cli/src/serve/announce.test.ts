import { isLoopback } from '@colloquy/server'
import type { ManagerState } from '@colloquy/session'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { TextOutput } from '../text-output.fixture.js'
import { announce } from './announce.js'

const definition = { name: 'look', description: 'Looks.', parameters: {} }

async function announced(options: {
  pretty: boolean
  name?: string
  address?: string
  functions?: number
  hasKeys?: boolean
  hasDocs?: boolean
  state?: ManagerState
}) {
  const {
    pretty,
    name = 'parrot',
    address = '127.0.0.1',
    functions = 5,
    hasKeys = false,
    hasDocs = true,
    state = 'ready',
  } = options
  const log = new TextOutput()
  const screen = new TextOutput()
  announce(
    {
      url: 'http://localhost:8000',
      address,
      isLocal: await isLoopback(address),
      hasKeys,
      hasDocs,
      manager: {
        chat: {
          name,
          functions: Array.from({ length: functions }, () => definition),
          async *reply() {},
        },
        storeKind: 'memory',
        state,
      },
      durationMs: 12.5,
    },
    { logger: pino({}, log), people: pretty ? screen : undefined },
  )
  return { log: log.logLines(), screen: screen.text }
}

describe('a start-up', () => {
  it('is a few lines for people', async () => {
    const { log, screen } = await announced({ pretty: true })
    expect(screen).toMatchInlineSnapshot(`
      "Colloquy is listening on http://localhost:8000
        answered by parrot (5 functions)
        try: curl http://localhost:8000/api/v1/chat -H 'Content-Type: application/json' -d '{"message":"Hello"}'
        docs http://localhost:8000/docs
      "
    `)
    expect(log).toEqual([])
  })

  it('is one line of the log otherwise', async () => {
    const { log, screen } = await announced({ pretty: false })
    expect(log).toEqual([
      {
        level: 30,
        time: expect.any(Number),
        pid: process.pid,
        hostname: expect.any(String),
        url: 'http://localhost:8000',
        ready: true,
        duration_ms: 12.5,
        chat: 'parrot',
        functions: 5,
        store: 'memory',
        docs: 'http://localhost:8000/docs',
        msg: 'Colloquy is listening on http://localhost:8000, answered by parrot (5 functions); docs: http://localhost:8000/docs',
      },
    ])
    expect(screen).toBe('')
  })

  it('says so when something could not be started yet', async () => {
    expect((await announced({ pretty: true, state: 'starting' })).screen).toContain(
      '\n  not ready yet: chats are refused',
    )
    expect((await announced({ pretty: false, state: 'starting' })).log).toMatchObject([{ ready: false }])
  })

  it.each([
    [0, 'answered by parrot\n'],
    [1, 'answered by parrot (1 function)\n'],
    [2, 'answered by parrot (2 functions)\n'],
  ])('counts %i functions', async (functions, text) => {
    expect((await announced({ pretty: true, functions })).screen).toContain(text)
  })

  it('shows no control characters of a name, which a program may have given itself', async () => {
    expect((await announced({ pretty: true, name: 'a\u001b[2Jbot' })).screen).toContain(
      'answered by a[2Jbot (',
    )
  })

  it('says where the key belongs, when one is needed', async () => {
    const { log, screen } = await announced({ pretty: true, address: '0.0.0.0', hasKeys: true })
    expect(screen).toContain('-H "Authorization: Bearer <key>" -H')
    expect(log).toEqual([])
  })

  it('names no documentation that is not there', async () => {
    expect((await announced({ pretty: true, hasDocs: false })).screen).not.toContain('docs')
    expect(JSON.stringify((await announced({ pretty: false, hasDocs: false })).log)).not.toContain('docs')
  })

  it.each(['127.0.0.1', '127.1.2.3', '::1', '::ffff:127.0.0.1'])(
    'warns of nothing on %s',
    async (address) => {
      expect((await announced({ pretty: true, address })).log).toEqual([])
    },
  )

  it.each(['0.0.0.0', '::', '192.168.1.2', '2001:db8::1'])(
    'warns that anybody can chat on %s',
    async (address) => {
      expect((await announced({ pretty: true, address })).log).toMatchObject([
        { level: 40, address, msg: expect.stringMatching(/^There are no API keys.* --allowed-host <name> /) },
      ])
    },
  )
})
