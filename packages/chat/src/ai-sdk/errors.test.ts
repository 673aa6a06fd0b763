import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import type { ModelScript } from '@colloquy/model-server'
import { ChatError, type ChatErrorCode, isChatError } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { isRetryable } from '../composition/index.js'
import { failureOf, modelOf, secretKey, textOf } from './ask.fixture.js'
import { fromModel } from './index.js'
import { described, manage } from './run-turn.fixture.js'
import { modelServers } from './start-server.fixture.js'

const prompt = 'My password is hunter2-and-more'
const system = 'The secret ingredient is love-potion'
const secrets = [secretKey, 'hunter2-and-more', 'love-potion']

const startServer = modelServers()

interface Row {
  readonly what: string
  readonly script: ModelScript
  readonly code: ChatErrorCode
  /** What the turn's final event says. */
  readonly failure: 'upstream_failed' | 'overloaded' | 'chat_timeout'
  readonly says: RegExp
  readonly cause: RegExp
  readonly text?: string
  readonly retryAfterSeconds?: number
}

const refused = { code: 'refused', failure: 'upstream_failed' } as const
const failed = { code: 'upstream_failed', failure: 'upstream_failed' } as const
const limited = { code: 'rate_limited', failure: 'overloaded' } as const

/** The rows of docs/backend-errors.md that are about models. */
const rows: readonly Row[] = [
  {
    what: 'refused credentials',
    script: { failure: 'invalid_key' },
    ...refused,
    says: /does not accept the credentials. Check the API key/,
    cause: /status 401; code invalid_api_key, invalid_request_error/,
  },
  {
    what: 'credentials without the right',
    script: { failure: 'forbidden' },
    ...refused,
    says: /does not accept the credentials/,
    cause: /status 403; code permission_denied/,
  },
  {
    what: 'an unknown model',
    script: { failure: 'unknown_model' },
    ...refused,
    says: /does not know it. Check the id of the model/,
    cause: /status 404; code model_not_found/,
  },
  {
    what: 'a rate limit',
    script: { failure: 'rate_limited', headers: { 'retry-after': '17' } },
    ...limited,
    says: /wants fewer requests/,
    cause: /status 429; code rate_limit_exceeded/,
    retryAfterSeconds: 17,
  },
  {
    what: 'an empty account',
    script: { failure: 'out_of_quota', headers: { 'retry-after': '17' } },
    ...refused,
    says: /no quota left/,
    cause: /status 429; code insufficient_quota/,
  },
  {
    what: 'an overloaded provider',
    script: { failure: 'overloaded' },
    ...limited,
    says: /is overloaded/,
    cause: /status 503; code overloaded_error/,
  },
  {
    what: "an overloaded provider with Anthropic's status",
    script: { status: 529, headers: { 'retry-after': '3' }, body: '{"type":"error"}' },
    ...limited,
    says: /is overloaded/,
    cause: /status 529/,
    retryAfterSeconds: 3,
  },
  {
    what: 'a provider that is overloaded in mid-answer',
    script: { text: ['So far'], breaks: 'error' },
    ...limited,
    says: /is overloaded/,
    cause: /code overloaded_error/,
    text: 'So far',
  },
  {
    what: 'an error in mid-answer that has a message only',
    script: { text: ['So far'], breaks: { error: { message: 'x' } } },
    ...failed,
    says: /failed in mid-answer at its provider. Look at/,
    cause: /AI_StreamProviderError/,
    text: 'So far',
  },
  {
    what: 'an error in place of an answer that has a message only',
    script: { breaks: { error: { message: 'x' } } },
    ...failed,
    says: /failed in mid-answer at its provider/,
    cause: /AI_StreamProviderError/,
  },
  {
    what: 'an error in mid-answer with a code that nobody knows',
    script: {
      text: ['So far'],
      breaks: { error: { message: prompt, code: 'something_new', key: secretKey } },
    },
    ...failed,
    says: /failed in mid-answer at its provider/,
    cause: /AI_StreamProviderError: code something_new$/,
    text: 'So far',
  },
  {
    what: 'an error in mid-answer that is a number',
    script: { text: ['So far'], breaks: { error: { message: 'x', code: 500 } } },
    ...failed,
    says: /failed at its provider/,
    cause: /status 500/,
    text: 'So far',
  },
  {
    what: 'an error in mid-answer that is a text',
    script: { text: ['So far'], breaks: { error: prompt } },
    ...failed,
    says: /sent what is no answer/,
    cause: /AI_TypeValidationError/,
    text: 'So far',
  },
  {
    what: 'a rate limit in mid-answer',
    script: { text: ['So far'], breaks: { error: { message: prompt, type: 'rate_limit_error' } } },
    ...limited,
    says: /wants fewer requests. Wait/,
    cause: /code rate_limit_error/,
    text: 'So far',
  },
  {
    what: 'a context that turns out to be too long in mid-answer',
    script: { text: ['So far'], breaks: { error: { message: prompt, code: 'context_length_exceeded' } } },
    ...refused,
    says: /longer than the context/,
    cause: /code context_length_exceeded/,
    text: 'So far',
  },
  {
    what: 'an answer that ends with an error for a reason',
    script: { text: ['So far'], finishReason: 'error' },
    ...failed,
    says: /ended its answer before it was whole: it gave "error"/,
    cause: /undefined/,
    text: 'So far',
  },
  {
    what: 'a redirect without an end',
    script: { status: 307, headers: { location: '/v1/chat/completions' } },
    ...failed,
    says: /redirects without an end/,
    cause: /AI_APICallError/,
  },
  {
    what: 'a redirect to what is not there',
    script: { status: 302, headers: { location: '/elsewhere' } },
    ...refused,
    says: /does not know it/,
    cause: /status 404/,
  },
  {
    what: 'nothing, with 204',
    script: { status: 204 },
    ...failed,
    says: /sent what is no answer/,
    cause: /AI_/,
  },
  {
    what: 'a context that is too long',
    script: { failure: 'context_too_long' },
    ...refused,
    says: /longer than the context of the model. Lower historyTokens/,
    cause: /status 400; code context_length_exceeded/,
  },
  {
    what: 'a filtered message',
    script: { failure: 'content_filtered' },
    ...refused,
    says: /content filter/,
    cause: /status 400; code content_policy_violation/,
  },
  {
    what: 'a request that is not accepted',
    script: { failure: 'invalid_request' },
    ...refused,
    says: /does not accept the request/,
    cause: /status 400; code invalid_value/,
  },
  {
    what: 'a failing provider',
    script: { failure: 'server_error' },
    ...failed,
    says: /failed at its provider/,
    cause: /status 500; code server_error/,
  },
  {
    what: 'a failing gateway',
    script: { failure: 'bad_gateway' },
    ...failed,
    says: /failed at its provider/,
    cause: /status 502/,
  },
  {
    what: 'a gateway that does not wait',
    script: { failure: 'gateway_timeout' },
    code: 'timeout',
    failure: 'chat_timeout',
    says: /took too long/,
    cause: /status 504/,
  },
  {
    what: 'a page in place of an answer',
    script: { status: 200, headers: { 'content-type': 'text/html' }, body: '<h1>Welcome</h1>' },
    ...failed,
    says: /sent what is no answer/,
    cause: /AI_InvalidResponseDataError/,
  },
  {
    what: 'a stream that is no JSON',
    script: { text: ['So far'], breaks: 'malformed' },
    ...failed,
    says: /sent what is no answer/,
    cause: /AI_JSONParseError/,
    text: 'So far',
  },
  {
    what: 'a stream of something else',
    script: { text: ['So far'], breaks: 'wrong_shape' },
    ...failed,
    says: /sent what is no answer/,
    cause: /AI_TypeValidationError/,
    text: 'So far',
  },
  {
    what: 'a stream that ends too early',
    script: { text: ['So far'], breaks: 'early_end' },
    ...failed,
    says: /sent what is no answer/,
    cause: /AI_InvalidResponseDataError/,
    text: 'So far',
  },
  {
    what: 'a connection that is closed in mid-answer',
    script: { text: ['So far'], breaks: 'cut' },
    ...failed,
    says: /broke off/,
    cause: /UND_ERR_SOCKET/,
  },
  {
    what: 'a connection that is reset before the answer',
    script: 'reset',
    ...failed,
    says: /broke off/,
    cause: /ECONNRESET|UND_ERR_SOCKET/,
  },
]

function expectNoSecrets(text: string): void {
  for (const secret of secrets) expect(text).not.toContain(secret)
}

describe('a model that fails', () => {
  it.each(rows)('fails the answer with a clear error: $what', async (row) => {
    const server = await startServer(row.script)
    const { chunks, error } = await failureOf(fromModel(modelOf(server), { system }), prompt)
    expect(error).toBeInstanceOf(ChatError)
    if (!isChatError(error)) return
    expect(error.code).toBe(row.code)
    expect(error.message).toMatch(/^The model test-model /)
    expect(error.message).toMatch(row.says)
    expect(error.retryAfterSeconds).toBe(row.retryAfterSeconds)
    expect(String(error.cause)).toMatch(row.cause)
    expect(textOf(chunks)).toContain(row.text ?? '')
    expectNoSecrets(described(error))
  })

  it.each(rows)('fails the turn, and what is logged holds no secret: $what', async (row) => {
    const server = await startServer(row.script)
    const { manager, log, say } = manage(fromModel(modelOf(server), { system }))
    const events = await say(prompt)
    expect(events.at(-1)).toMatchObject({
      type: 'turn.failed',
      code: row.failure,
      ...(row.text === undefined ? {} : { content: row.text }),
      ...(row.retryAfterSeconds === undefined ? {} : { retryAfterSeconds: row.retryAfterSeconds }),
    })
    await manager.close()
    expect(log.join('\n')).toMatch(row.says)
    expectNoSecrets(log.join('\n'))
    expectNoSecrets(described(events.at(-1)))
  })

  it('keeps the text so far when the connection is reset in mid-answer', async () => {
    const server = await startServer({ text: ['So far'], breaks: 'reset', byHand: true })
    const { manager, say } = manage(fromModel(modelOf(server)))
    const turn = await manager.startTurn({ message: prompt })
    const request = await server.request(0)
    request.letGo()
    for await (const event of turn.events()) if (event.type === 'text.delta') request.letGo()
    expect(await turn.ended).toMatchObject({ code: 'upstream_failed', content: 'So far' })
    server.answer({ text: 'fine' })
    expect((await say('again', turn.sessionId)).at(-1)).toMatchObject({ type: 'turn.completed' })
    await manager.close()
  })

  it('tells that its content filter has ended the answer, which completes with what was said', async () => {
    const server = await startServer({ text: ['So far'], finishReason: 'content_filter' })
    const { manager, say } = manage(fromModel(modelOf(server)))
    expect((await say(prompt)).at(-1)).toMatchObject({
      type: 'turn.completed',
      finishReason: 'content_filter',
      content: 'So far',
    })
    await manager.close()
  })

  it('can not be reached where no server is', async () => {
    const server = await startServer()
    const { baseUrl } = server
    await server.stop()
    const { error } = await failureOf(fromModel(modelOf({ baseUrl })), prompt)
    expect(error).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('can not be reached'),
    })
    expect(String((error as ChatError).cause)).toMatch(/host 127\.0\.0\.1:\d+; code ECONNREFUSED/)
    expectNoSecrets(described(error))
  })

  it('can not be reached where there is no such host', async () => {
    // RFC 6761, section 6.4: no name in .invalid exists.
    const { error } = await failureOf(
      fromModel(modelOf({ baseUrl: 'http://no-such-host.invalid/v1' })),
      prompt,
    )
    expect(error).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('host is not found'),
    })
    expect(String((error as ChatError).cause)).toMatch(/no-such-host\.invalid; code (?:ENOTFOUND|EAI_AGAIN)/)
    expectNoSecrets(described(error))
  })

  it('can not be reached over TLS where there is none', async () => {
    const server = await startServer()
    const baseUrl = server.baseUrl.replace('http:', 'https:')
    const { error } = await failureOf(fromModel(modelOf({ baseUrl })), prompt)
    expect(error).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('no secure connection to its host'),
    })
    expect(String((error as ChatError).cause)).toMatch(/code (?:ERR_SSL_|EPROTO)/)
    expectNoSecrets(described(error))
  })

  it.each([
    'CERT_HAS_EXPIRED',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  ])('can not be reached with a certificate that is not valid: %s', async (code) => {
    const provider = createOpenAICompatible({
      name: 'test',
      baseURL: 'https://127.0.0.1/v1',
      fetch: async () => {
        throw new TypeError('fetch failed', { cause: Object.assign(new Error(prompt), { code }) })
      },
    })
    const { error } = await failureOf(fromModel(provider('test-model')), prompt)
    expect(error).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('and the certificate'),
    })
    expect(String((error as ChatError).cause)).toContain(`code ${code}`)
    expectNoSecrets(described(error))
  })

  it('can not be reached at a port that fetch blocks', async () => {
    const { error } = await failureOf(fromModel(modelOf({ baseUrl: 'http://127.0.0.1:25/v1' })), prompt)
    expect(error).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('its port is one that fetch blocks'),
    })
    expectNoSecrets(described(error))
  })

  it.each<ModelScript>([
    { breaks: { error: { message: 'x' } } },
    { finishReason: 'error' },
    { failure: 'server_error' },
  ])('may be asked again: %j', async (script) => {
    const server = await startServer(script)
    expect(isRetryable((await failureOf(fromModel(modelOf(server)))).error)).toBe(true)
  })

  it('takes too long when its own time-out says so', async () => {
    const server = await startServer('silence')
    const timeout = new AbortController()
    const { baseUrl: baseURL } = server
    const provider = createOpenAICompatible({
      name: 'test',
      baseURL,
      fetch: (url, init) => fetch(url, { ...init, signal: timeout.signal }),
    })
    const failing = failureOf(fromModel(provider('test-model')), prompt)
    await server.request(0)
    timeout.abort(new DOMException(`Nothing came for: ${prompt}`, 'TimeoutError'))
    const { error } = await failing
    expect(error).toMatchObject({ code: 'timeout', message: expect.stringContaining('took too long') })
    expectNoSecrets(described(error))
  })
})

describe('what providers say in their own ways', () => {
  it.each([
    ['402 of an empty account', 402, {}, 'no quota left'],
    ['413 of a message that is too long', 413, {}, 'longer than the context'],
    [
      'a prompt that is too long for Anthropic',
      400,
      {
        error: {
          type: 'invalid_request_error',
          message: 'prompt is too long: 210000 tokens > 200000 maximum',
        },
      },
      'longer than the context',
    ],
    [
      'too many tokens for Google',
      400,
      {
        error: {
          code: 400,
          message: 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
          status: 'INVALID_ARGUMENT',
        },
      },
      'longer than the context',
    ],
    [
      'a context that is too small for llama.cpp',
      400,
      { error: { code: 400, message: 'too large', type: 'exceed_context_size_error' } },
      'longer than the context',
    ],
    [
      'a key that Google does not know',
      400,
      [{ error: { code: 400, message: 'API key not valid. Please pass one.', status: 'INVALID_ARGUMENT' } }],
      'does not accept the credentials',
    ],
    [
      "Azure's content filter",
      400,
      { error: { code: 'content_filter', message: 'filtered', innererror: { code: 'x' } } },
      'content filter',
    ],
  ])('is understood: %s', async (_, status, body, says) => {
    const headers = { 'content-type': 'application/json' }
    const server = await startServer({ status, headers, body: JSON.stringify(body) })
    const { error } = await failureOf(fromModel(modelOf(server)), prompt)
    expect(error).toMatchObject({ code: 'refused', message: expect.stringContaining(says) })
  })
})

describe('what a failure tells', () => {
  const causeOf = async (script: ModelScript) => {
    const server = await startServer(script)
    const { error } = await failureOf(fromModel(modelOf(server)), prompt)
    return String((error as ChatError).cause)
  }

  it('is what the provider calls the request', async () => {
    const failure = (id: string) => ({ failure: 'server_error', headers: { 'x-request-id': id } }) as const
    expect(await causeOf(failure('req_0123456789abcdef'))).toContain('request req_0123456789abcdef')
    expect(await causeOf(failure('f81d4fae-7dec-11d0-a765-00a0c91e6bf6'))).toContain('request f81d4fae-')
    expect(await causeOf(failure(secretKey))).not.toContain('request')
  })

  it.each([
    ['a key', secretKey],
    ['a sentence', prompt],
    ['something long', 'x'.repeat(100)],
    ['a key of letters', 'abcdefghijklmnopqrstuvwxyzabcd'],
    ['a short key of letters', 'sesameopen'],
    ['a key of letters with a dash', 'sk-abcdefghijkl'],
    ['a key of letters with an underscore', 'gsk_abcdEFGHijklMNOP'],
    ['a long key of letters with an underscore', 'gsk_abcdefghijklmnopqrst'],
  ])('is no code that is %s', async (_, code) => {
    const body = JSON.stringify({ error: { message: 'no', type: code, code } })
    const cause = await causeOf({ status: 500, headers: { 'content-type': 'application/json' }, body })
    expect(cause).toMatch(/status 500$/)
  })

  it.each([
    'insufficient_quota',
    'model_not_found',
    'overloaded_error',
    'RESOURCE_EXHAUSTED',
    'unavailable',
    'UNAVAILABLE',
    'INTERNAL',
    'overloaded',
    'context_length_exceeded',
    'ResponsibleAIPolicyViolation',
  ])('is a code of a provider: %s', async (code) => {
    const body = JSON.stringify({ error: { message: 'no', code } })
    const cause = await causeOf({ status: 500, headers: { 'content-type': 'application/json' }, body })
    expect(cause).toMatch(new RegExp(`status 500; code ${code}$`))
  })

  it('is not the URL, which may hold a key', async () => {
    const server = await startServer({ failure: 'server_error' })
    const { baseUrl: baseURL } = server
    const provider = createOpenAICompatible({ name: 'test', baseURL, queryParams: { key: secretKey } })
    const { error } = await failureOf(fromModel(provider('test-model')), prompt)
    expect(isChatError(error)).toBe(true)
    expectNoSecrets(described(error))
  })
})

describe('when to ask again', () => {
  const now = Date.UTC(2026, 0, 1, 12)
  const hint = async (headers: Readonly<Record<string, string>>) => {
    const server = await startServer({ failure: 'rate_limited', headers })
    const { error } = await failureOf(fromModel(modelOf(server), { clock: { now: () => now } }))
    return (error as ChatError).retryAfterSeconds
  }

  it.each([
    ['seconds', { 'retry-after': '20' }, 20],
    ['parts of a second', { 'retry-after': '0.4' }, 1],
    ['nothing', {}, undefined],
    ['a date', { 'retry-after': 'Thu, 01 Jan 2026 12:00:30 GMT' }, 30],
    ['a date that is over', { 'retry-after': 'Thu, 01 Jan 2026 11:00:00 GMT' }, 0],
    ['milliseconds, which are more exact', { 'retry-after-ms': '1500', 'retry-after': '9' }, 2],
    ['more seconds than a day has, which is the most', { 'retry-after': '99999999999' }, 86_400],
    ['more milliseconds than a day has', { 'retry-after-ms': '99999999999' }, 86_400],
    ['a date years from now', { 'retry-after': 'Thu, 01 Jan 2032 12:00:00 GMT' }, 86_400],
    ['what is no time', { 'retry-after': 'soon' }, undefined],
    ['less than nothing', { 'retry-after': '-5' }, undefined],
  ])('is read from %s', async (_, headers, seconds) => {
    expect(await hint(headers)).toBe(seconds)
  })

  it.each([
    ['34.07s', 35],
    ['99999999999s', 86_400],
  ])("is read from Google's details: %s", async (retryDelay, retryAfterSeconds) => {
    const details = [{ '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay }]
    const body = JSON.stringify({
      error: { code: 429, message: 'no', status: 'RESOURCE_EXHAUSTED', details },
    })
    const server = await startServer({ status: 429, headers: { 'content-type': 'application/json' }, body })
    const { error } = await failureOf(fromModel(modelOf(server)))
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterSeconds })
  })
})

describe('requests that failed', () => {
  it('are not sent again by default', async () => {
    const server = await startServer([{ failure: 'overloaded' }, { text: 'fine' }])
    expect((await failureOf(fromModel(modelOf(server)))).error).toMatchObject({ code: 'rate_limited' })
    expect(server.requests).toHaveLength(1)
  })

  it('are sent again where the caller wants it, and the last failure counts', async () => {
    const server = await startServer([
      { failure: 'server_error', headers: { 'retry-after-ms': '1' } },
      { failure: 'overloaded', headers: { 'retry-after-ms': '1' } },
      { text: 'too late' },
    ])
    const { error } = await failureOf(fromModel(modelOf(server), { maxRetries: 1, system }), prompt)
    expect(error).toMatchObject({ code: 'rate_limited', retryAfterSeconds: 1 })
    expect(server.requests).toHaveLength(2)
    expectNoSecrets(described(error))
  })
})
