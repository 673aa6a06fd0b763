import { isLoopback } from '@colloquy/server'
import type { ChatInterface } from '@colloquy/session'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { TextOutput } from '../text-output.fixture.js'
import { type Announcement, announce } from './announce.js'

const definition = { name: 'look', description: 'Looks.', parameters: {} }

const chatWith = (functions: number, chats?: ChatInterface['chats']): ChatInterface => ({
  name: 'parrot',
  functions: Array.from({ length: functions }, () => definition),
  ...(chats === undefined ? {} : { chats }),
  async *reply() {},
})

interface Wanted extends Partial<Announcement> {
  readonly pretty: boolean
  readonly chat?: ChatInterface
  readonly state?: Announcement['manager']['state']
  readonly columns?: number
  readonly colours?: boolean
}

async function announced({ pretty, chat = chatWith(5), state = 'ready', columns = 110, ...rest }: Wanted) {
  const { colours = false, address = '127.0.0.1', ...facts } = rest
  const log = new TextOutput()
  const screen = Object.assign(new TextOutput({ isTTY: true }), { columns })
  announce(
    {
      url: 'http://localhost:8000',
      address,
      askedPort: undefined,
      isLocal: await isLoopback(address),
      keys: undefined,
      hasDocs: true,
      manager: { chat, storeKind: 'memory', state },
      storePath: undefined,
      configFile: undefined,
      isWatching: false,
      durationMs: 12.5,
      ...facts,
    },
    { logger: pino({}, log), people: pretty ? screen : undefined, colours },
  )
  return { log: log.logLines(), screen: screen.text }
}

describe('a start-up', () => {
  it('is a screen for people', async () => {
    const { log, screen } = await announced({ pretty: true })
    expect(screen).toMatchInlineSnapshot(`
      "Colloquy is listening on http://localhost:8000

        answers   parrot (5 functions)
        sessions  in memory: gone at the end
        callers   no authentication: only this machine
        docs      http://localhost:8000/docs
        try       colloquy chat
      curl http://localhost:8000/api/v1/chat -H 'Content-Type: application/json' -d '{"message":"Hello"}'
        stop      Ctrl-C

      "
    `)
    expect(log).toEqual([])
  })

  it('tells all that differs from a plain one', async () => {
    const { screen } = await announced({
      pretty: true,
      url: 'http://127.0.0.1:8001',
      askedPort: 8000,
      state: 'starting',
      keys: 2,
      storePath: '/srv/chat/colloquy.db',
      configFile: 'colloquy.config.ts',
      isWatching: true,
      hasDocs: false,
      chat: chatWith(0, [
        { name: 'shop', functions: [definition] },
        { name: 'help', functions: [] },
      ]),
    })
    expect(screen).toMatchInlineSnapshot(`
      "Colloquy is listening on http://127.0.0.1:8001

        port       8000 is taken: this is the next free one
        not ready  chats are refused until all has started
        answers    shop (1 function), unless a session chooses
                   help
        sessions   kept in /srv/chat/colloquy.db
        callers    those with one of 2 keys
        settings   colloquy.config.ts
        watching   what changes is loaded anew
        try        COLLOQUY_API_KEY=<key> colloquy chat --url http://127.0.0.1:8001
      curl http://127.0.0.1:8001/api/v1/chat -H 'Authorization: Bearer <key>' -H 'Content-Type: application/json' -d '{"message":"Hello"}'
        stop       Ctrl-C

      "
    `)
  })

  it('breaks between words on a narrow terminal, and leaves whole what is copied', async () => {
    const { screen } = await announced({
      pretty: true,
      columns: 40,
      storePath: '/srv/a/long/folder/for/colloquy.db',
    })
    expect(screen).toMatchInlineSnapshot(`
      "Colloquy is listening on
      http://localhost:8000

        answers   parrot (5 functions)
        sessions  kept in
                  /srv/a/long/folder/for/colloquy.db
        callers   no authentication: only this
                  machine
        docs      http://localhost:8000/docs
        try       colloquy chat
      curl http://localhost:8000/api/v1/chat -H 'Content-Type: application/json' -d '{"message":"Hello"}'
        stop      Ctrl-C

      "
    `)
  })

  it('has colours where they are wanted', async () => {
    const { screen } = await announced({ pretty: true, colours: true, isLocal: false })
    expect(screen).toContain(
      '\u001b[1mColloquy is listening on\u001b[22m \u001b[36mhttp://localhost:8000\u001b[39m',
    )
    expect(screen).toContain('\u001b[33mno authentication: anybody who gets here can chat\u001b[39m')
  })

  it('shows no control character of a name', async () => {
    const chat = { ...chatWith(0), name: 'par\u001b[31mrot' }
    expect((await announced({ pretty: true, chat })).screen).toContain('par[31mrot')
  })

  it('is one line of the log otherwise', async () => {
    const { log, screen } = await announced({ pretty: false, keys: 2 })
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
        keys: 2,
        docs: 'http://localhost:8000/docs',
        msg: 'Colloquy is listening on http://localhost:8000, answered by parrot (5 functions); docs: http://localhost:8000/docs',
      },
    ])
    expect(screen).toBe('')
  })

  it('says so when something could not be started yet', async () => {
    expect((await announced({ pretty: false, state: 'starting' })).log).toMatchObject([{ ready: false }])
  })

  it.each([
    [0, ' parrot\n'],
    [1, ' parrot (1 function)\n'],
    [2, ' parrot (2 functions)\n'],
  ])('counts %i functions', async (functions, text) => {
    expect((await announced({ pretty: true, chat: chatWith(functions) })).screen).toContain(text)
  })

  it.each([
    [0, 'there is no key yet: nobody can chat'],
    [1, 'those with the 1 key'],
    [2, 'those with one of 2 keys'],
  ])('counts %i keys, and says where one belongs', async (keys, text) => {
    const { log, screen } = await announced({ pretty: true, address: '0.0.0.0', keys })
    expect(screen).toContain(text)
    expect(screen).toContain("-H 'Authorization: Bearer <key>' -H")
    expect(screen).toContain('COLLOQUY_API_KEY=<key> colloquy chat\n')
    expect(log).toEqual([])
  })

  it('says in the log that it has another port than the one that was asked for', async () => {
    const { log } = await announced({ pretty: false, askedPort: 7999 })
    expect(log).toMatchObject([{}, { level: 40, port: 7999, url: 'http://localhost:8000' }])
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
