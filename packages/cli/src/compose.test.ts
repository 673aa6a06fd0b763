import { SessionError } from '@colloquy/session'
import { pino } from 'pino'
import { describe, expect, it, onTestFinished } from 'vitest'
import { compose } from './compose.js'
import { readConfig } from './config/read-config.js'
import { writeModule } from './write-module.fixture.js'

const logger = pino({ enabled: false })
const configOf = async (flags = {}) =>
  (await readConfig({ flags, env: {}, cwd: '/', isTerminal: false })).config

describe('what is composed', () => {
  it('is the assistant over a store in memory, when nothing else is said', async () => {
    const manager = await compose(await configOf(), { logger })
    expect(manager.chat.name).toBe('furniture-shop assistant')
    expect(manager.storeKind).toBe('memory')
  })

  it('is a module when one is named, from the folder that is given', async () => {
    const module = writeModule('export default function parrot(message: string) { return message }')
    onTestFinished(module.remove)
    const manager = await compose(await configOf(), {
      chats: [{ name: null, text: './bot.ts', spec: { kind: 'file', path: './bot.ts' }, cwd: module.folder }],
      logger,
    })
    onTestFinished(() => manager.close())
    const turn = await manager.startTurn({ message: 'Hello' })
    expect(await turn.ended).toMatchObject({ type: 'turn.completed', content: 'Hello' })
    expect(manager.chat.name).toBe('parrot')
  })

  it('keeps within every limit of the configuration', async () => {
    const flags = {
      sessionTtl: '1',
      maxSessions: '2',
      whenFull: 'reject',
      historyLimit: '3',
      maxMessageLength: '4',
      maxTurns: '5',
      sessionMaxAge: '60',
      onBusy: 'queue',
      queueLimit: '0',
      disconnectGrace: '0.25',
      firstChunkTimeout: '0.6',
      chunkTimeout: '7',
      turnTimeout: '8',
      maxOutputBytes: '9',
      maxEvents: '10',
    }
    const manager = await compose(await configOf(flags), { logger })
    onTestFinished(() => manager.close())
    expect(manager.limits).toMatchObject({
      sessionTtlMs: 1000,
      maxSessions: 2,
      whenFull: 'reject',
      historyLimit: 3,
      maxMessageLength: 4,
      maxTurns: 5,
      sessionMaxAgeMs: 60_000,
      onBusy: 'queue',
      queueLimit: 0,
      disconnectGraceMs: 250,
      firstChunkTimeoutMs: 600,
      chunkTimeoutMs: 7000,
      turnTimeoutMs: 8000,
      maxOutputBytes: 9,
      maxEvents: 10,
    })
    await expect(manager.startTurn({ message: 'Hello' })).rejects.toThrow(SessionError)
  })

  it('is nothing when the module is missing', async () => {
    const spec = { kind: 'file', path: './missing.ts' } as const
    const parts = { chats: [{ name: null, text: './missing.ts', spec, cwd: '/' }], logger }
    await expect(compose(await configOf(), parts)).rejects.toMatchObject({
      name: 'ChatLoadError',
      code: 'not_found',
    })
  })
})

describe('several chats', () => {
  const logged = async (chat: readonly string[]) => {
    const lines: string[] = []
    const log = pino({ level: 'trace' }, { write: (line: string) => void lines.push(line) })
    const { config, chats } = await readConfig({ flags: { chat }, env: {}, cwd: '/', isTerminal: false })
    const manager = await compose(config, { chats, logger: log })
    onTestFinished(() => manager.close())
    return { lines, manager }
  }

  it('have the first for a default, whatever it is called', async () => {
    const { manager } = await logged(['zed=exec:cat', 'a=exec:tr a-z A-Z', 'constructor=exec:cat'])
    expect(manager.chat.chats?.map(({ name }) => name)[0]).toBe('zed')
    expect(manager.chat.chats).toHaveLength(3)
  })

  it('are told in the log without what a command line or a URL may hide', async () => {
    const { lines, manager } = await logged([
      'a=exec:TOKEN=sk-secret tr a b',
      'b=http://127.0.0.1:9/chat?token=sk-secret',
      'c=process:python3 bot.py --key sk-secret',
    ])
    expect(lines.join('')).toContain('a=exec:command, b=http://127.0.0.1:9, c=process:python3')
    expect(lines.join('') + manager.chat.name).not.toContain('secret')
  })
})
