import { describe, expect, it } from 'vitest'
import { createLogger } from './create-logger.js'
import { TextOutput } from './text-output.fixture.js'

async function written(log: (logger: Awaited<ReturnType<typeof createLogger>>) => void, colours = false) {
  const screen = new TextOutput({ isTTY: true })
  log(await createLogger({ logLevel: 'debug', pretty: true, colours }, screen))
  return screen.text.replaceAll(/\d\d:\d\d:\d\d\.\d{3}/g, 'TIME')
}

describe('a log for people', () => {
  it('leaves the steps of a start to the screen, unless they are asked for', async () => {
    expect(await written((logger) => logger.info({ step: 'store' }, 'store started'))).toBe('')
    expect(await written((logger) => logger.debug({ step: 'listen' }, 'listening'))).toBe(
      '[TIME] DEBUG: listening {"step":"listen"}\n',
    )
  })

  it('tells a reload in one line', async () => {
    const fields = { module: '/a/bot.ts', chat: 'bot', duration_ms: 3 }
    expect(await written((logger) => logger.info(fields, 'chat interface reloaded'))).toBe(
      '[TIME] reloaded /a/bot.ts in 3 ms\n',
    )
    expect(await written((logger) => logger.info(fields, 'chat interface reloaded'), true)).toBe(
      '[TIME] \u001b[32mreloaded\u001b[39m /a/bot.ts in 3 ms\n',
    )
  })

  it('tells in one line why a reload failed, and no control character of it', async () => {
    const err = new Error('/a/bot.ts could not be loaded: Syntax\u001bError: Unexpected\n    at /a/bot.ts:2')
    const text = 'the chat interface could not be reloaded; the one before goes on'
    expect(await written((logger) => logger.error({ module: '/a/bot.ts', err }, text))).toBe(
      '[TIME] not reloaded, the one before goes on: /a/bot.ts could not be loaded: SyntaxError: Unexpected at /a/bot.ts:2\n',
    )
  })

  it('shows every other line as it is', async () => {
    expect(await written((logger) => logger.warn({ a: 1 }, 'beware'))).toBe('[TIME] WARN: beware {"a":1}\n')
  })
})
