import { describe, expect, it } from 'vitest'
import { createLogger } from './create-logger.js'
import { TextOutput } from './text-output.fixture.js'

async function written(
  log: (logger: Awaited<ReturnType<typeof createLogger>>) => void,
  colours = false,
  logLevel: 'info' | 'debug' = 'debug',
) {
  const screen = new TextOutput({ isTTY: true })
  log(await createLogger({ logLevel, pretty: true, colours }, screen))
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

  const sessionId = 'sess_315efb66e18ff4d093ad61aae8142326'
  const request = { request_id: 'r', method: 'POST', route: '/api/v1/chat', status: 200, client: '127.0.0.1' }
  const turn = { request_id: 'r', session_id: sessionId, turn_id: 'turn_1', first_event_ms: 3, events: 3 }

  it.each<[string, object, string]>([
    ['request answered', { ...request, duration_ms: 9.74, bytes: 9 }, 'POST /api/v1/chat 200 in 10 ms'],
    [
      'request answered',
      { ...request, method: 'GET', route: undefined, status: 404, code: 'not_found', duration_ms: 0.3 },
      'GET (no route) 404 not_found in 0 ms',
    ],
    [
      'request answered',
      { ...request, session_id: sessionId, outcome: 'completed', duration_ms: 2_100 },
      `POST /api/v1/chat 200 in 2100 ms, ${sessionId}`,
    ],
    [
      'request left by its client',
      { ...request, status: null, duration_ms: 5 },
      'POST /api/v1/chat, left by its client, in 5 ms',
    ],
    [
      'turn completed',
      { ...turn, outcome: 'completed', duration_ms: 5 },
      `turn completed in 5 ms, ${sessionId}`,
    ],
    [
      'turn cancelled',
      { ...turn, outcome: 'cancelled', reason: 'client_request', duration_ms: 5 },
      `turn cancelled (client_request) in 5 ms, ${sessionId}`,
    ],
    [
      'shutting down; a second signal ends the process at once',
      { signal: 'SIGINT' },
      'shutting down; a second signal ends the process at once',
    ],
  ])('tells in one short line: %s %j', async (text, fields, line) => {
    expect(await written((logger) => logger.info(fields, text), false, 'info')).toBe(`[TIME] ${line}\n`)
  })

  it('tells a status by its colour, and nothing of an address that controls the terminal', async () => {
    const fields = { ...request, route: '/\u001b[2J', duration_ms: 1 }
    const log = (status: number) =>
      written((logger) => logger.info({ ...fields, status }, 'request answered'), true, 'info')
    expect(await log(200)).toBe('[TIME] POST /[2J \u001b[32m200\u001b[39m in 1 ms\n')
    expect(await log(409)).toContain('\u001b[33m409\u001b[39m')
  })

  it('tells all of a request where details are asked for, and of one with an error', async () => {
    const answered = await written((logger) => logger.info(request, 'request answered'), false, 'debug')
    expect(answered).toContain('INFO: request answered {"request_id":"r"')
    const fields = { ...request, status: 500, err: new Error('disk full') }
    const failed = await written((logger) => logger.error(fields, 'request failed'), false, 'info')
    expect(failed).toContain('ERROR: request failed {"request_id":"r"')
    const refused = { ...request, status: 503, code: 'overloaded', duration_ms: 1 }
    expect(await written((logger) => logger.warn(refused, 'request failed'), false, 'info')).toBe(
      '[TIME] POST /api/v1/chat 503 overloaded in 1 ms\n',
    )
  })

  const failedTurn = { ...turn, outcome: 'failed', code: 'upstream_failed', duration_ms: 5 }

  it('tells what a turn failed with in the words of an error that is thrown on purpose, and of its causes', async () => {
    const cause = new Error('host api.example.com; code ENOTFOUND')
    const err = Object.assign(new Error('The model can not be reached.', { cause }), { name: 'ChatError' })
    const told = await written((logger) => logger.error({ ...failedTurn, err }, 'turn failed'), false, 'info')
    expect(told.replaceAll(/ {6}at .*\n/g, '')).toBe(
      [
        `[TIME] turn failed (upstream_failed) in 5 ms, ${sessionId}`,
        '    The model can not be reached.',
        '    host api.example.com; code ENOTFOUND',
        '',
      ].join('\n'),
    )
  })

  it('tells where a bot has failed, and nothing of this program, nor what controls a terminal', async () => {
    const err = new TypeError('no\u001b[2J lamp')
    const own = new URL('serve.js', import.meta.url).href
    err.stack = `TypeError: no lamp\n    at reply (file:///a/bot.ts:4:32)\n    at run (${own}:1:1)\n    at next (node:internal/x:1:1)`
    const told = await written((logger) => logger.error({ ...failedTurn, err }, 'turn failed'), false, 'info')
    expect(told).toBe(
      [
        `[TIME] turn failed (upstream_failed) in 5 ms, ${sessionId}`,
        '    no[2J lamp',
        '      at reply (file:///a/bot.ts:4:32)',
        '',
      ].join('\n'),
    )
  })

  it('shows every other line as it is', async () => {
    expect(await written((logger) => logger.warn({ a: 1 }, 'beware'))).toBe('[TIME] WARN: beware {"a":1}\n')
  })
})
