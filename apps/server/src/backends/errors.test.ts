import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { failedAnswer } from './failed-answer.fixture.js'
import { moduleWith } from './module-with.fixture.js'

const { PATH = '' } = process.env

/** A program in the shell that is ready, and then does this with each line of a turn. `$id` is the turn's. */
function program(withTurn: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-program-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const file = join(folder, 'bot.sh')
  const text = `#!/bin/sh
    read -r start
    echo '{"type":"ready"}'
    while read -r line; do
      case $line in *'"type":"turn"'*) ;; *) continue ;; esac
      id=\${line#*'"turn_id":"'}
      id=\${id%%'"'*}
      ${withTurn}
    done`
  writeFileSync(file, text, { mode: 0o755 })
  return file
}

const say = (line: string) => `echo '${line}' | sed "s/ID/$id/"`
const soFar = say('{"type":"text","turn_id":"ID","text":"So far"}')
const error = (rest: string) => say(`{"type":"error","turn_id":"ID"${rest}}`)

describe('what goes wrong in a program', () => {
  it.each([
    ['it exits in mid-answer', `${soFar}; exit 3`, 500, 'chat_failed', /ended with exit code 3/],
    ['a signal ends it', `${soFar}; kill -9 $$`, 500, 'chat_failed', /was ended by SIGKILL/],
    [
      'it breaks the protocol',
      say('{"type":"text","turn_id":"ID","text":7}'),
      500,
      'chat_failed',
      /broke the protocol: /,
    ],
    ['it says error', error(''), 500, 'chat_failed', /could not answer\./],
    [
      'it says error, with a code',
      error(',"code":"rate_limited","retry_after_seconds":7'),
      503,
      'overloaded',
      /could not answer/,
    ],
    ['it says nothing', ':', 504, 'chat_timeout', /yielded no chunk within 300 ms/],
  ])('(%s) is told as it is in the table', async (_, withTurn, status, code, says) => {
    const failed = await failedAnswer([program(withTurn), '--first-chunk-timeout', '0.3'], { PATH })
    expect([failed.status, failed.code]).toEqual([status, code])
    expect(failed.retryAfter).toBe(code === 'overloaded' ? '7' : null)
    expect(failed.logged).toMatch(says)
    for (const told of [failed.text, failed.output]) expect(told).not.toMatch(/nobody.may.see/)
  })
})

/** The URL of a service that answers so. */
async function service(answer: RequestListener): Promise<string> {
  const server = createServer(answer).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    if (!server.listening) return
    server.close()
    server.closeAllConnections()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`
}

/** The URL of a service that has gone. */
async function closedPort(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return `http://127.0.0.1:${port}/chat`
}

/** The URL of a service that is said to speak TLS, and does not. */
async function plainPort(): Promise<string> {
  const url = await service(answers(200))
  return url.replace('http:', 'https:')
}

const answers =
  (status: number, headers: Readonly<Record<string, string>> = {}, body = ''): RequestListener =>
  (request, response) => {
    request.resume()
    response.writeHead(status, headers).end(body)
  }
const cuts: RequestListener = (request, response) => {
  request.resume()
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  response.write('event: text.delta\ndata: {"text":"So far"}\n\n', () => response.destroy())
}
const stream = { 'content-type': 'text/event-stream' }

describe('what goes wrong at a service', () => {
  it.each([
    ['401', answers(401), 502, 'upstream_failed', /answered 401\. Check the credentials/],
    ['403', answers(403), 502, 'upstream_failed', /answered 403\. Check the credentials/],
    ['404', answers(404), 502, 'upstream_failed', /answered 404\. Check its URL/],
    ['429', answers(429, { 'retry-after': '7' }), 503, 'overloaded', /answered 429: it wants fewer requests/],
    ['503', answers(503, { 'retry-after': '7' }), 503, 'overloaded', /answered 503: it wants fewer requests/],
    ['504', answers(504), 504, 'chat_timeout', /answered 504: it, or something behind it, took too long/],
    ['500', answers(500), 502, 'upstream_failed', /answered 500\. Its own log tells why/],
    ['a redirect', answers(302, { location: '/x' }), 502, 'upstream_failed', /Redirects are not followed/],
    ['204', answers(204), 502, 'upstream_failed', /answered without a content type/],
    [
      'a page',
      answers(200, { 'content-type': 'text/html' }),
      502,
      'upstream_failed',
      /answered with text\/html/,
    ],
    [
      'no end',
      answers(200, stream),
      502,
      'upstream_failed',
      /ended its stream without an event done or error/,
    ],
    [
      'an event of another shape',
      answers(200, stream, 'event: text.delta\ndata: {"text":7}\n\n'),
      502,
      'upstream_failed',
      /needs a text as its/,
    ],
    ['a cut connection', cuts, 502, 'upstream_failed', /connection to it was lost/],
    ['silence', () => {}, 504, 'chat_timeout', /was silent for 300 ms/],
  ] as const)('(%s) is told as it is in the table', async (_, answer, status, code, says) => {
    const url = await service(answer)
    const failed = await failedAnswer([served(url)])
    expect([failed.status, failed.code]).toEqual([status, code])
    expect(failed.retryAfter).toBe(code === 'overloaded' ? '7' : null)
    expect(failed.logged).toMatch(says)
    for (const told of [failed.text, failed.output]) expect(told).not.toMatch(/nobody.may.see/)
  })

  it.each([
    // RFC 6761, section 6.4: no name in .invalid exists.
    ['a host that is not found', async () => 'http://no-such-host.invalid/chat', /ENOTFOUND|EAI_AGAIN/],
    ['a port where nobody listens', closedPort, /could not be reached, .* \(ECONNREFUSED\)/],
    ['no TLS there', plainPort, /could not be reached, .* \(ERR_SSL_\w+\)/],
    ['a port that fetch blocks', async () => 'http://127.0.0.1:25/chat', /could not be reached/],
  ])('(%s) is told as it is in the table', async (_, url, says) => {
    const failed = await failedAnswer([served(await url())])
    expect([failed.status, failed.code]).toEqual([502, 'upstream_failed'])
    expect(failed.logged).toMatch(says)
  })
})

/** A module that asks a service. Nobody asks how it is, since it answers nothing well. */
function served(url: string): string {
  return moduleWith(`
    import { fromHttp } from '@colloquy/chat/http'
    export default fromHttp({ url: '${url}', timeoutMs: 300 })
  `)
}
