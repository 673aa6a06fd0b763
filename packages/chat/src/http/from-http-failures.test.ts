import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { ChatError, type Logger } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answerOf, reading, textIn, toldBy } from './asking.fixture.js'
import { fromHttp, type HttpBackendOptions } from './index.js'
import { answerWith, beginStream, frame, startService, streamOf } from './running-service.fixture.js'

type Answer = Parameters<typeof startService>[0]

const secret = 'hunter2'
const message = 'my diary'

/** What goes wrong with a service that answers like this. No error tells a secret, or anything that was said. */
async function failureOf(answer: Answer, options: Partial<HttpBackendOptions> = {}) {
  const { url } = await startService(answer)
  return failureAt(`${url}?token=${secret}`, options)
}

async function failureAt(url: string, options: Partial<HttpBackendOptions> = {}) {
  const chat = fromHttp({ url, headers: { Authorization: `Bearer ${secret}` }, ...options })
  const logged: object[] = []
  const log = (fields: object) => void logged.push(fields)
  const logger: Logger = { debug: log, info: log, warn: log, error: log, child: () => logger }
  const { chunks, error } = await answerOf(chat, message, { logger })
  expect(logged).toEqual([]) // whoever runs the turn logs the error
  expect(toldBy(error)).not.toMatch(/hunter2|diary/)
  if (!(error instanceof ChatError)) throw new Error('It did not fail as a ChatError', { cause: error })
  const { code, retryAfterSeconds } = error
  return { code, retryAfterSeconds, text: textIn(chunks), message: error.message }
}

/** A server below HTTP that answers every connection with these bytes. */
async function rawServer(answer: string, end: 'end' | 'resetAndDestroy'): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('data', () => socket.write(answer, () => socket[end]()))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

const status =
  (status: number, headers: Record<string, string> = {}): Answer =>
  ({ res, body }) => {
    res.writeHead(status, { 'Content-Type': 'application/json', ...headers }).end(body) // says it all again
  }

describe('a status that is no success', () => {
  it.each([
    [400, 'refused'],
    [401, 'refused'],
    [403, 'refused'],
    [404, 'refused'],
    [409, 'refused'],
    [413, 'refused'],
    [422, 'refused'],
    [408, 'timeout'],
    [504, 'timeout'],
    [429, 'rate_limited'],
    [503, 'rate_limited'],
    [500, 'upstream_failed'],
    [501, 'upstream_failed'],
    [502, 'upstream_failed'],
    [300, 'upstream_failed'],
    [304, 'upstream_failed'],
  ])('of %i means %s, and is told', async (number, code) => {
    const failure = await failureOf(status(number))
    expect(failure).toMatchObject({ code, retryAfterSeconds: undefined, text: '' })
    expect(failure.message).toContain(`answered ${number}`)
  })

  it.each([
    ['0', 0],
    ['17', 17],
    ['9999999999999999999999', 86_400],
    ['Thu, 01 Jan 2026 00:00:20 GMT', 20],
    ['Thursday, 01-Jan-26 00:01:00 GMT', 60],
    ['Thu Jan  1 00:00:05 2026', 5],
    ['Wed, 31 Dec 2025 00:00:00 GMT', 0],
    ['soon', undefined],
    ['1.5', 2],
    ['1.5s', undefined],
    ['-1', undefined],
    ['Thu, 99 Foo 2026 00:00:20 GMT', undefined],
  ])('passes on a Retry-After of %s', async (header, seconds) => {
    const failure = await failureOf(status(429, { 'Retry-After': header }), { clock: createManualClock() })
    expect(failure).toMatchObject({ code: 'rate_limited', retryAfterSeconds: seconds })
  })

  it('of a redirect is not followed, to the same origin or to another one', async () => {
    const other = await startService(answerWith('text/plain', 'Got you'))
    for (const number of [301, 302, 303, 307, 308]) {
      for (const location of [other.url, '/elsewhere']) {
        const failure = await failureOf(status(number, { Location: location }))
        expect(failure).toMatchObject({ code: 'upstream_failed', text: '' })
        expect(failure.message).toContain('Redirects are not followed')
      }
    }
    expect(other.requests).toEqual([])
  })

  it('of a redirect that a fetch hides is told as one', async () => {
    const fetch = async () => Response.error()
    expect((await failureAt('http://localhost/', { fetch })).message).toContain('with a redirect')
  })
})

describe('a connection that fails', () => {
  it('is told by its code: refused, no such host, reset', async () => {
    const closed = await rawServer('', 'end')
    const unused = await startUnused()
    expect(await failureAt(unused)).toMatchObject({ code: 'upstream_failed' })
    expect((await failureAt(unused)).message).toContain('(ECONNREFUSED)')
    expect((await failureAt('http://nowhere.invalid/')).message).toMatch(/\((ENOTFOUND|EAI_AGAIN)\)/)
    expect(await failureAt(closed)).toMatchObject({ code: 'upstream_failed' })
    expect(await failureAt(await rawServer('', 'resetAndDestroy'))).toMatchObject({ code: 'upstream_failed' })
  })

  it('is told by its code where it is no TLS, or no HTTP', async () => {
    const { url } = await startService(answerWith('text/plain', 'Hi'))
    expect(await failureAt(url.replace('http:', 'https:'))).toMatchObject({ code: 'upstream_failed' })
    const nonsense = await failureAt(await rawServer('220 smtp ready hunter2\r\n', 'end'))
    expect(nonsense).toMatchObject({ code: 'upstream_failed' })
  })

  it.each([
    ['text/plain', 'half a te'],
    ['application/json', '{"content":"half'],
    ['text/event-stream', `${frame('text.delta', { text: 'half a te' })}event: text.delta\ndata: {"te`],
  ])('in the middle of an answer of %s fails it, with the text so far', async (type, half) => {
    const head = `HTTP/1.1 200 OK\r\nContent-Type: ${type}\r\nContent-Length: 9999\r\n\r\n`
    const failure = await failureAt(await rawServer(head + half, 'end'))
    expect(failure.code).toBe('upstream_failed')
    expect(failure.text).toBe(type === 'application/json' ? '' : 'half a te')
  })

  it('shows nothing of what a fetch of somebody else throws', async () => {
    for (const thrown of [
      new Error(`${secret} ${message}`, { cause: new Error(secret) }),
      Object.assign(new TypeError('x'), { code: `${secret} ${message}` }),
      Object.assign(new Error('x'), { cause: { code: 'ECONNRESET' } }),
      secret,
      undefined,
    ]) {
      const fetch = async () => {
        throw thrown
      }
      expect(await failureAt('http://localhost/', { fetch })).toMatchObject({ code: 'upstream_failed' })
    }
  })

  it('is a time-out where its code says so', async () => {
    const fetch = async () => {
      throw Object.assign(new Error('x'), { cause: { code: 'UND_ERR_CONNECT_TIMEOUT' } })
    }
    expect(await failureAt('http://localhost/', { fetch })).toMatchObject({ code: 'timeout' })
  })
})

describe('an answer that is not the protocol', () => {
  it.each([
    ['text/html', '<p>my diary</p>', 'text/html'],
    ['application/json5', '{}', 'application/json5'],
    ['text/plain; charset=klingon', 'x', 'text/plain; charset=klingon'],
    ['my diary; hunter2', 'x', 'a content type that is none'],
    ['', 'x', 'without a content type'],
  ])('of the type %j is told by that', async (type, body, told) => {
    const failure = await failureOf(answerWith(type, body))
    expect(failure).toMatchObject({ code: 'upstream_failed', text: '' })
    expect(failure.message).toContain(told)
  })

  it('is an empty one with 204', async () => {
    const failure = await failureOf(({ res }) => void res.writeHead(204).end())
    expect(failure.message).toContain('without a content type')
    expect(await failureOf(answerWith('application/json', '', 204))).toMatchObject({
      code: 'upstream_failed',
    })
  })

  it.each([
    '',
    'my diary',
    '{"content":"my diary"',
    'null',
    '[]',
    '"my diary"',
    '{}',
    '{"content":7}',
    '{"content":"","usage":{"input_tokens":-1,"output_tokens":1}}',
    '{"content":"","usage":{"input_tokens":1.5,"output_tokens":1}}',
    '{"content":"","usage":"my diary"}',
    '{"content":null}',
    '{"content":"","finish_reason":7}',
    '{"content":"","functions_called":{}}',
    '{"content":"","functions_called":["my diary"]}',
    '{"content":"","functions_called":[{"call_id":"1","name":"f"}]}',
    '{"content":"","functions_called":[{"call_id":1,"name":"f","arguments":{}}]}',
    '{"content":"","functions_called":[{"call_id":"1","name":"f","arguments":{},"result":1,"error":"my diary"}]}',
    '{"content":"","data":[{"name":"card"}]}',
    '{"content":"","data":[{"data":1}]}',
  ])('is the JSON %s', async (json) => {
    const failure = await failureOf(answerWith('application/json', json))
    expect(failure.code).toBe('upstream_failed')
    expect(failure.message).toContain('docs/http-backends.md')
  })

  it.each([
    ['text.delta', 'my diary'],
    ['text.delta', {}],
    ['text.delta', { text: null }],
    ['function.called', { name: 'f', arguments: {} }],
    ['function.called', { call_id: '1', name: 'f' }],
    ['function.returned', { call_id: '1', name: 'f' }],
    ['function.returned', { call_id: '1', name: 'f', error: null }],
    ['function.returned', { call_id: '1', name: 'f', result: 1, error: 'my diary' }],
    ['function.returned', { call_id: '1', name: 'f', error: { my: 'diary' } }],
    ['data', { name: 'card' }],
    ['state', {}],
    ['usage', { input_tokens: '1', output_tokens: 1 }],
    ['usage', { input_tokens: 2 ** 53, output_tokens: 1 }],
    ['done', []],
    ['done', { usage: 1 }],
    ['done', { finish_reason: 1 }],
    ['error', 'my diary'],
  ])('is an event %s with the data %j; what came before it is kept', async (event, data) => {
    const failure = await failureOf(streamOf(frame('text.delta', { text: 'a' }), frame(event, data)))
    expect(failure).toMatchObject({ code: 'upstream_failed', text: 'a' })
    expect(failure.message).toContain(`event ${event}`)
  })

  it.each([
    ['text.delta', { text: 7 }, 'An event text.delta of the service at ORIGIN needs a text as its "text"'],
    ['done', { usage: 1 }, 'The "usage" of the event done of the service at ORIGIN is not a JSON object'],
    [
      'function.returned',
      { call_id: '1', name: 'f', result: 1, error: 'my diary' },
      'An event function.returned of the service at ORIGIN has both a "result" and an "error"',
    ],
  ])('is told in a sentence: the event %s with the data %j', async (event, data, sentence) => {
    const { url } = await startService(streamOf(frame(event, data)))
    const { message } = await failureAt(url)
    expect(message).toBe(`${sentence.replace('ORIGIN', new URL(url).origin)}. See docs/http-backends.md.`)
  })

  it('is told in a sentence, also within a JSON', async () => {
    const json = '{"content":"","functions_called":["my diary"]}'
    const { url } = await startService(answerWith('application/json', json))
    expect((await failureAt(url)).message).toBe(
      `What is in "functions_called" of the JSON of the service at ${new URL(url).origin} is not a JSON object. ` +
        'See docs/http-backends.md.',
    )
  })

  it.each([
    '',
    ': only a comment\n\n',
    'event: done\n\n',
    'event: done\ndata: {}',
    'event: done\ndata: {}\n',
    frame('text.delta', { text: 'my diary' }),
  ])('is a stream that ends without done or error: %j', async (stream) => {
    const failure = await failureOf(answerWith('text/event-stream', stream))
    expect(failure.code).toBe('upstream_failed')
    expect(failure.message).toContain('without an event done or error')
  })
})

describe('an event error', () => {
  it.each([
    [{ code: 'not_ready' }, { code: 'not_ready', retryAfterSeconds: undefined }],
    [
      { code: 'rate_limited', retry_after_seconds: 3 },
      { code: 'rate_limited', retryAfterSeconds: 3 },
    ],
    [
      { code: 'rate_limited', retry_after_seconds: 1.5 },
      { code: 'rate_limited', retryAfterSeconds: 2 },
    ],
    [
      { code: 'timeout', retry_after_seconds: -1 },
      { code: 'timeout', retryAfterSeconds: undefined },
    ],
    [
      { code: 'not_ready', retry_after_seconds: 1e300 },
      { code: 'not_ready', retryAfterSeconds: 86_400 },
    ],
    [
      { code: 'refused', retry_after_seconds: 'soon' },
      { code: 'refused', retryAfterSeconds: undefined },
    ],
    [{ code: 'upstream_failed', message: 'my diary' }, { code: 'upstream_failed' }],
    [{ code: 'my diary' }, { code: 'upstream_failed' }],
    [{}, { code: 'upstream_failed' }],
  ])('of %j fails the turn by its code, and its message stays where it is', async (data, failure) => {
    const stream = streamOf(frame('text.delta', { text: 'a' }), frame('error', data), frame('done', {}))
    expect(await failureOf(stream)).toMatchObject({ text: 'a', ...failure })
  })
})

describe('an answer that is too large', () => {
  it('is a JSON of more bytes than may be, and not one byte less', async () => {
    const json = '{"content":"é"}'
    const maxAnswerBytes = Buffer.byteLength(json)
    const { url } = await startService(answerWith('application/json', json))
    expect(textIn((await answerOf(fromHttp({ url, maxAnswerBytes }))).chunks)).toBe('é')
    const failure = await failureAt(url, { maxAnswerBytes: maxAnswerBytes - 1 })
    expect(failure.message).toContain(`more than ${maxAnswerBytes - 1} bytes`)
  })

  it('is not an event that is just as long as may be, however it is cut', async () => {
    const event = frame('text.delta', { text: 'x'.repeat(89) }) // data of 100 characters
    const { url } = await startService(async (request) => {
      beginStream(request)
      for (const piece of [event, ...event.replaceAll('\n', '\r\n').split(''), frame('done', {})])
        await new Promise<void>((sent) => request.res.write(piece, () => setImmediate(sent)))
      request.res.end()
    })
    expect(textIn((await answerOf(fromHttp({ url, maxAnswerBytes: 100 }))).chunks)).toHaveLength(178)
    expect(await failureAt(url, { maxAnswerBytes: 99 })).toMatchObject({ code: 'upstream_failed', text: '' })
  })

  it('is an event of more characters, whether it comes at once or never ends; what was before it is passed on', async () => {
    const start = frame('text.delta', { text: 'a' })
    const huge = frame('text.delta', { text: 'x'.repeat(2_000) })
    const lines = `event: text.delta\n${'data: 123456789\n'.repeat(200)}`
    for (const stream of [huge + frame('done', {}), `${lines}\n`, lines]) {
      const failure = await failureOf(answerWith('text/event-stream', start + stream), {
        maxAnswerBytes: 1_000,
      })
      expect(failure).toMatchObject({ code: 'upstream_failed', text: 'a' })
      expect(failure.message).toContain('more than 1000 characters')
    }
  })

  it('is given up when the limit is reached: an endless line is not waited for', async () => {
    const service = await startService((request) => {
      beginStream(request)
      const { res } = request
      res.write('event: text.delta\ndata: ')
      const flood = () => {
        while (!res.destroyed && res.write('x'.repeat(65_536)));
        res.once('drain', flood)
      }
      flood()
    })
    expect(await failureAt(service.url)).toMatchObject({ code: 'upstream_failed' })
    const { res } = await service.next()
    if (!res.closed) await once(res, 'close')
  })
})

describe('a service that is silent', () => {
  it('before its answer has failed after its time, and its connection is closed', async () => {
    const clock = createManualClock()
    const service = await startService(() => {})
    const answer = failureAt(service.url, { clock, timeoutMs: 1_000 })
    const { req } = await service.next()
    await clock.advance(999)
    expect(clock.timers).toBe(1)
    await clock.advance(1)
    expect(await answer).toMatchObject({ code: 'timeout', text: '' })
    if (!req.socket.closed) await once(req.socket, 'close')
    expect(clock.timers).toBe(0)
  })

  it('in the middle has failed, too; one that says something has its time again', async () => {
    const clock = createManualClock()
    const service = await startService((request) => {
      beginStream(request)
      request.res.write(frame('text.delta', { text: 'a' }))
    })
    const { next } = reading(fromHttp({ url: service.url, clock, timeoutMs: 1_000 }))
    await next()
    await clock.advance(10_000) // nobody asks
    const second = next()
    const { res } = await service.next()
    await clock.advance(900)
    res.write(frame('text.delta', { text: 'b' }))
    expect(await second).toMatchObject({ value: { text: 'b' } })
    const third = next().catch((error: unknown) => error)
    await clock.advance(999)
    expect(clock.timers).toBe(1)
    await clock.advance(1)
    expect(await third).toMatchObject({
      code: 'timeout',
      message: expect.stringContaining('silent for 1000 ms'),
    })
  })
})

describe('options that can not work', () => {
  it.each([
    [{ url: secret }, 'url has to be'],
    [{ url: `ftp://${secret}/` }, 'url has to be'],
    [{ url: `http://user:${secret}@localhost/` }, 'url must not contain'],
    [{ healthUrl: secret }, 'healthUrl has to be'],
    [{ headers: { Authorization: `Bearer\n${secret}` } }, "The header Authorization can't"],
    [{ headers: { [`Bearer ${secret}`]: 'x' } }, "A header can't"],
    [{ maxAnswerBytes: 0 }, 'maxAnswerBytes has to be above 0'],
    [{ timeoutMs: Number.NaN }, 'timeoutMs has to be above 0'],
  ])('are refused when it is made, and not shown: %j', (options, told) => {
    let thrown: unknown
    try {
      fromHttp({ url: 'http://localhost/', ...options })
    } catch (error) {
      thrown = error
    }
    expect(toldBy(thrown)).toContain(told)
    expect(toldBy(thrown).replaceAll(/^ .*$/gm, '')).not.toContain(secret)
  })
})

/** A URL at which nobody listens. */
async function startUnused(): Promise<string> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  await new Promise((closed) => server.close(closed))
  return `http://127.0.0.1:${port}/`
}
