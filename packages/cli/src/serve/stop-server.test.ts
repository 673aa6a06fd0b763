import { type RunningServer, serve } from '@colloquy/server'
import { createSessionManager, SessionError } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { pino } from 'pino'
import { describe, expect, it } from 'vitest'
import { TextOutput } from '../text-output.fixture.js'
import { stopServer } from './stop-server.js'

const reply = async function* () {
  yield 'hello'
}

function parts(chat = {}, store = {}) {
  const log = new TextOutput()
  const manager = createSessionManager({
    store: Object.assign(createMemoryStore(), store),
    chat: { name: 'echo', reply, ...chat },
  })
  const start = () => serve({ manager, port: 0, host: '127.0.0.1' })
  const told = { grace: 0, logger: pino({}, log) }
  return { manager, start, told, log }
}

const messages = (log: TextOutput) => log.logLines().map(({ msg }) => msg)

describe('stopping a server', () => {
  it('closes one that is up', async () => {
    const { manager, start, told, log } = parts()
    const starting = start()
    const running = await starting
    await stopServer({ manager, starting, running }, told)
    expect(running.server.listening).toBe(false)
    expect(messages(log)).toEqual(['stopped'])
  })

  it('ends a start that is under way', async () => {
    const begun = Promise.withResolvers<void>()
    const opened = Promise.withResolvers<void>()
    const start = () => {
      begun.resolve()
      return opened.promise
    }
    const { manager, start: serveIt, told, log } = parts({ start })
    const starting = serveIt()
    await begun.promise
    const stopping = stopServer({ manager, starting, running: undefined }, told)
    opened.resolve()
    await stopping
    await expect(starting).rejects.toMatchObject({ code: 'shutting_down' })
    expect(messages(log)).toEqual(['stopped'])
  })

  it('closes one that comes up in the same moment', async () => {
    const { manager, start, told } = parts()
    const up: RunningServer = await start()
    await stopServer({ manager, starting: Promise.resolve(up), running: undefined }, told)
    expect(up.server.listening).toBe(false)
  })

  it('tells why a start failed that was not ended', async () => {
    const { manager, told, log } = parts()
    const starting = Promise.reject(new Error('the port is taken'))
    await expect(stopServer({ manager, starting, running: undefined }, told)).rejects.toThrow(
      'the port is taken',
    )
    expect(messages(log)).toEqual([])
  })

  it('logs why it failed, and says so', async () => {
    const { manager, start, told, log } = parts({}, { close: () => Promise.reject(new Error('disk full')) })
    const starting = start()
    const running = await starting
    await expect(stopServer({ manager, starting, running }, told)).rejects.toMatchObject({
      name: 'CommandError',
      exitCode: 1,
    })
    expect(running.server.listening).toBe(false)
    expect(log.logLines()).toMatchObject([{ level: 50, msg: 'the shutdown failed' }])
    expect(log.text).toContain('disk full')
  })

  it('logs and says so also when a start that was ended can not be closed', async () => {
    const { manager, told, log } = parts()
    const closing = { close: () => manager.close().then(() => Promise.reject(new Error('disk full'))) }
    const starting = Promise.reject(new SessionError('shutting_down', 'Shutting down.'))
    await expect(stopServer({ manager: closing, starting, running: undefined }, told)).rejects.toMatchObject({
      name: 'CommandError',
      exitCode: 1,
    })
    expect(log.logLines()).toMatchObject([
      { level: 50, msg: 'the shutdown failed', err: { message: 'disk full' } },
    ])
  })

  it('logs that it can not be closed, and tells why its start failed', async () => {
    const { told, log } = parts()
    const manager = { close: () => Promise.reject(new Error('disk full')) }
    const starting = Promise.reject(new Error('the port is taken'))
    await expect(stopServer({ manager, starting, running: undefined }, told)).rejects.toThrow(
      'the port is taken',
    )
    expect(log.logLines()).toMatchObject([
      { level: 50, msg: 'the shutdown failed', err: { message: 'disk full' } },
    ])
  })
})
