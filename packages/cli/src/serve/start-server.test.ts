import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { TextOutput } from '../text-output.fixture.js'
import { startServer } from './start-server.js'

/** Starts a server whose chat interface does not, over a store that closes as it is said. */
function failingStart(close: () => Promise<void>) {
  const log = new TextOutput()
  const start = () => Promise.reject(new Error('no model'))
  const manager = createSessionManager({
    store: Object.assign(createMemoryStore(), { close }),
    chat: {
      name: 'echo',
      start,
      reply: async function* () {
        yield 'hello'
      },
    },
  })
  return { log, starting: startServer({ manager, port: 0, logger: pino({}, log) }) }
}

it('a start that fails closes the manager', async () => {
  let isClosed = false
  const { log, starting } = failingStart(async () => {
    isClosed = true
  })
  await expect(starting).rejects.toMatchObject({ code: 'not_ready' })
  expect(isClosed).toBe(true)
  expect(log.logLines().filter(({ level }) => Number(level) >= 50)).toEqual([])
})

it('a start that fails is what is told, also where the manager can not be closed', async () => {
  const { log, starting } = failingStart(() => Promise.reject(new Error('disk full')))
  await expect(starting).rejects.toMatchObject({ code: 'not_ready' })
  expect(log.logLines()).toContainEqual(
    expect.objectContaining({ level: 50, msg: 'the shutdown failed', err: expect.anything() as unknown }),
  )
  expect(log.text).toContain('disk full')
})
