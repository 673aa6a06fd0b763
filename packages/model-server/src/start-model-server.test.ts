import { afterEach, describe, expect, it } from 'vitest'
import {
  lastUserText,
  type ModelFailureName,
  type ModelScript,
  type ModelServer,
  type ModelServerOptions,
  startModelServer,
} from './index.js'

const servers: ModelServer[] = []

async function start(script?: ModelScript, options?: ModelServerOptions): Promise<ModelServer> {
  const server = await startModelServer(script, options)
  servers.push(server)
  return server
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.stop()))
})

interface AskOptions {
  readonly stream?: boolean
  readonly includeUsage?: boolean
  readonly model?: string
  readonly key?: string
  readonly signal?: AbortSignal
}

function ask(server: ModelServer, message = 'Hello', options: AskOptions = {}): Promise<Response> {
  const { stream = true, includeUsage = false, model = 'm', key = 'secret', signal } = options
  const body = {
    model,
    stream,
    messages: [{ role: 'user', content: message }],
    ...(includeUsage ? { stream_options: { include_usage: true } } : {}),
  }
  return fetch(`${server.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal === undefined ? {} : { signal }),
  })
}

interface ChunkData {
  readonly choices: readonly {
    readonly delta: Record<string, unknown>
    readonly finish_reason: string | null
  }[]
  readonly usage?: unknown
}

/** The data of a stream's events; the last has to be `[DONE]`. */
async function chunksOf(response: Response): Promise<ChunkData[]> {
  const events = (await response.text()).split('\n\n').slice(0, -1)
  expect(events.pop()).toBe('data: [DONE]')
  return events.map((event) => JSON.parse(event.replace(/^data: /, '')) as ChunkData)
}

const deltasOf = (chunks: readonly ChunkData[]) =>
  chunks.flatMap(({ choices }) => choices.map(({ delta }) => delta)).filter((d) => Object.keys(d).length > 0)

describe('what the server answers', () => {
  it('repeats the message word by word when nothing is scripted', async () => {
    const chunks = await chunksOf(await ask(await start(), 'Hello you'))
    expect(deltasOf(chunks).map((delta) => delta['content'])).toEqual(['You ', 'said: ', 'Hello ', 'you'])
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('stop')
  })

  it('sends reasoning, text and calls in their pieces, the name of a call before its arguments', async () => {
    const server = await start({
      reasoning: ['Let me ', 'think'],
      text: 'Here:',
      calls: [
        { id: 'c1', name: 'add', arguments: ['{"a":', '1}'] },
        { name: 'now' },
        { name: 'say', arguments: { what: 'hi' } },
        { name: 'odd', arguments: '{not json' },
      ],
    })
    const chunks = await chunksOf(await ask(server))
    const call = (index: number, name: string, text: string, id: unknown) => ({
      tool_calls: [{ index, id, type: 'function', function: { name, arguments: text } }],
    })
    expect(deltasOf(chunks)).toEqual([
      { reasoning_content: 'Let me ' },
      { reasoning_content: 'think' },
      { content: 'Here:' },
      call(0, 'add', '{"a":', 'c1'),
      { tool_calls: [{ index: 0, function: { arguments: '1}' } }] },
      call(1, 'now', '{}', expect.stringMatching(/^call_\d+$/)),
      call(2, 'say', '{"what":"hi"}', expect.stringMatching(/^call_\d+$/)),
      call(3, 'odd', '{not json', expect.stringMatching(/^call_\d+$/)),
    ])
    expect(chunks.at(-1)?.choices[0]?.finish_reason).toBe('tool_calls')
  })

  it('tells the usage of a stream only when the request asks for it', async () => {
    const server = await start({ text: 'x', usage: { inputTokens: 3, outputTokens: 4 } })
    const without = await chunksOf(await ask(server))
    expect(without.map(({ usage }) => usage)).toEqual([undefined, undefined])
    const withUsage = await chunksOf(await ask(server, 'x', { includeUsage: true }))
    expect(withUsage.at(-1)).toMatchObject({
      choices: [],
      usage: { prompt_tokens: 3, completion_tokens: 4, total_tokens: 7 },
    })
    server.answer({ text: 'x', usage: null })
    expect((await chunksOf(await ask(server, 'x', { includeUsage: true }))).length).toBe(2)
  })

  it('sends a whole answer to a request that wants no stream', async () => {
    const server = await start({ reasoning: 'hm', text: ['a', 'b'], calls: [{ id: 'c', name: 'f' }] })
    const response = await ask(server, 'x', { stream: false })
    expect(await response.json()).toMatchObject({
      object: 'chat.completion',
      choices: [
        {
          message: {
            role: 'assistant',
            content: 'ab',
            reasoning_content: 'hm',
            tool_calls: [{ id: 'c', type: 'function', function: { name: 'f', arguments: '{}' } }],
          },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { prompt_tokens: 10, completion_tokens: 5 },
    })
  })

  it('gives each request the next answer of a list, and fails when none is left', async () => {
    const server = await start([{ text: '1' }, { text: '2', finishReason: 'length' }])
    const [first, second] = [await ask(server), await ask(server)]
    expect(await first.text()).toContain('"content":"1"')
    expect(await second.text()).toContain('"finish_reason":"length"')
    const third = await ask(server)
    expect([third.status, await third.text()]).toEqual([500, expect.stringContaining('only 2 answers')])
  })

  it('asks a function for the answer, and tells when it throws', async () => {
    const server = await start(async (request) => {
      if (lastUserText(request) === 'throw') throw new Error('oh no')
      return { text: `${request.body.model}: ${lastUserText(request)}` }
    })
    expect(await (await ask(server, 'hi')).text()).toContain('"content":"m: hi"')
    const failed = await ask(server, 'throw')
    expect([failed.status, await failed.text()]).toEqual([500, expect.stringContaining('oh no')])
  })

  it('splits bytes within a character when it is told to', async () => {
    const server = await start({ text: ['naïve 🙂', ' done'], bytesAtOnce: 1 })
    expect(deltasOf(await chunksOf(await ask(server)))).toEqual([
      { content: 'naïve 🙂' },
      { content: ' done' },
    ])
  })

  it('sends more than a socket takes at once to a slow reader', async () => {
    const piece = 'x'.repeat(100_000)
    const server = await start({ text: Array.from({ length: 100 }, () => piece) })
    const response = await ask(server)
    const request = await server.request(0)
    await new Promise(setImmediate)
    expect((await response.text()).length).toBeGreaterThan(10_000_000)
    expect(await request.closed).toMatchObject({ isWhole: true })
  })
})

describe('what the server keeps', () => {
  it('has each request with its headers and its body', async () => {
    const server = await start()
    const coming = server.request(1)
    await (await ask(server, 'one')).text()
    await (await ask(server, 'two', { model: 'gpt' })).text()
    const second = await coming
    expect(server.requests).toHaveLength(2)
    expect(second).toBe(server.requests[1])
    expect(second).toMatchObject({
      method: 'POST',
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer secret' },
      body: { model: 'gpt', stream: true, messages: [{ role: 'user', content: 'two' }] },
    })
  })

  it('finds the text of the last user message, also in parts', () => {
    const text = (messages: readonly { readonly role: 'user' | 'assistant'; readonly content?: unknown }[]) =>
      lastUserText({ body: { messages } })
    const parts = [{ type: 'text', text: 'a' }, { type: 'image_url' }, { type: 'text', text: 'b' }]
    expect(text([{ role: 'user', content: parts }, { role: 'assistant' }])).toBe('ab')
    expect(text([{ role: 'user' }])).toBe('')
    expect(text([])).toBe('')
  })

  it('keeps a body that is no JSON object as an empty one', async () => {
    const server = await start({ status: 204 })
    for (const body of ['{', '[1]', '']) {
      await fetch(`${server.baseUrl}/chat/completions`, { method: 'POST', body })
    }
    expect(server.requests.map(({ body }) => body)).toEqual([{}, {}, {}])
  })

  it('tells when a client leaves in mid-answer', async () => {
    const server = await start({ text: ['one', 'two'], byHand: true })
    const leave = new AbortController()
    const response = await ask(server, 'x', { signal: leave.signal })
    const request = await server.request(0)
    request.letGo()
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('"one"')
    leave.abort()
    expect(await request.closed).toMatchObject({ isWhole: false, atMs: expect.any(Number) })
    await request.sent(99) // nobody waits for ever for what will not be sent
  })
})

describe('an answer by hand', () => {
  it('sends a piece when it is let go, and the end as the last', async () => {
    const server = await start({ text: ['one', 'two'], byHand: true })
    const response = await ask(server)
    const request = await server.request(0)
    const reader = response.body?.getReader()
    const read = async () => new TextDecoder().decode((await reader?.read())?.value)
    request.letGo()
    expect(await read()).toContain('"one"')
    request.letGo(2)
    await request.sent(3)
    let rest = ''
    for (let text = await read(); text !== ''; text = await read()) rest += text
    expect(rest).toContain('"two"')
    expect(rest).toContain('[DONE]')
    expect(await request.closed).toMatchObject({ isWhole: true })
  })

  it('holds a whole answer back, too', async () => {
    const server = await start({ text: 'x', byHand: true })
    const response = await ask(server, 'x', { stream: false })
    const text = response.text()
    const request = await server.request(0)
    request.letGo()
    expect(JSON.parse(await text)).toMatchObject({ choices: [{ message: { content: 'x' } }] })
  })
})

describe('what can go wrong', () => {
  it.each<[ModelFailureName, number, string | null]>([
    ['invalid_key', 401, 'invalid_api_key'],
    ['forbidden', 403, 'permission_denied'],
    ['unknown_model', 404, 'model_not_found'],
    ['rate_limited', 429, 'rate_limit_exceeded'],
    ['out_of_quota', 429, 'insufficient_quota'],
    ['overloaded', 503, null],
    ['context_too_long', 400, 'context_length_exceeded'],
    ['content_filtered', 400, 'content_policy_violation'],
    ['invalid_request', 400, 'invalid_value'],
    ['server_error', 500, null],
  ])('answers %s with %i and an error object that repeats what was sent', async (failure, status, code) => {
    const server = await start({ failure, headers: { 'retry-after': '7' } })
    const response = await ask(server, 'my prompt')
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, '7'])
    const { error } = (await response.json()) as { error: { message: string; code: string | null } }
    expect(error.code).toBe(code)
    expect(error.message).toContain('Bearer secret')
    expect(error.message).toContain('my prompt')
  })

  it.each<[ModelFailureName, number]>([
    ['bad_gateway', 502],
    ['gateway_timeout', 504],
  ])('answers %s with %i and a page', async (failure, status) => {
    const response = await ask(await start({ failure }))
    expect([response.status, await response.text()]).toEqual([status, expect.stringMatching(/^<h1>/)])
  })

  it('refuses other keys and other models than it has', async () => {
    const server = await start(undefined, { apiKey: 'right', models: ['known'] })
    expect((await ask(server, 'x', { key: 'wrong', model: 'known' })).status).toBe(401)
    expect((await ask(server, 'x', { key: 'right', model: 'other' })).status).toBe(404)
    expect((await ask(server, 'x', { key: 'right', model: 'known' })).status).toBe(200)
  })

  it('lists its models, and knows no other paths', async () => {
    const server = await start(undefined, { models: ['a', 'b'] })
    const list = await fetch(`${server.baseUrl}/models`)
    expect(await list.json()).toMatchObject({ object: 'list', data: [{ id: 'a' }, { id: 'b' }] })
    expect((await fetch(`${server.baseUrl}/responses`, { method: 'POST', body: '{}' })).status).toBe(404)
  })

  it('resets the connection before the answer, too', async () => {
    await expect(ask(await start('reset'))).rejects.toThrow('fetch failed')
  })

  it('never answers when it is silent', async () => {
    const server = await start('silence')
    const leave = new AbortController()
    const asked = ask(server, 'x', { signal: leave.signal })
    const request = await server.request(0)
    leave.abort()
    await expect(asked).rejects.toThrow('aborted')
    expect(await request.closed).toMatchObject({ isWhole: false })
  })

  it('ends a stream with an error of the script', async () => {
    const error = { message: 'x', code: 'something_new' }
    const text = await (await ask(await start({ text: ['one'], breaks: { error } }))).text()
    expect(text).toContain('"content":"one"')
    expect(text).toMatch(/\ndata: \{"error":\{"message":"x","code":"something_new"\}\}\n\n$/)
  })

  it.each(['cut', 'reset'] as const)('breaks an answer off: %s', async (breaks) => {
    for (const stream of [true, false]) {
      const server = await start({ text: ['one'], breaks })
      const read = async () => (await ask(server, 'x', { stream })).text()
      await expect(read()).rejects.toThrow(/terminated|fetch failed/)
    }
  })

  it('keeps what was sent before a cut', async () => {
    const response = await ask(await start({ text: ['one'], breaks: 'cut' }))
    const reader = response.body?.getReader()
    expect(new TextDecoder().decode((await reader?.read())?.value)).toContain('"one"')
    await expect(reader?.read()).rejects.toThrow('terminated')
  })

  it.each([
    ['malformed', 'data: {"choices": [You sent Bearer secret: hi\n\n'],
    ['wrong_shape', 'data: {"choices":"You sent Bearer secret: hi"}\n\n'],
    ['error', '"type":"overloaded_error"'],
    ['early_end', '"content":"one"'],
  ] as const)('ends a stream that is %s, without its end', async (breaks, expected) => {
    const text = await (await ask(await start({ text: ['one'], breaks }), 'hi')).text()
    expect(text).toContain('"content":"one"')
    expect(text).toContain(expected)
    expect(text).not.toContain('[DONE]')
  })

  it.each(['hang', 'error_and_hang'] as const)(
    'stays after the last piece until the client leaves: %s',
    async (breaks) => {
      const server = await start({ text: ['one'], breaks })
      const leave = new AbortController()
      const response = await ask(server, 'x', { signal: leave.signal })
      const request = await server.request(0)
      await request.sent(2)
      leave.abort()
      await expect(response.text()).rejects.toThrow('aborted')
      expect(await request.closed).toMatchObject({ isWhole: false })
    },
  )
})

describe('a stop', () => {
  it('closes connections in mid-answer, and can be done twice', async () => {
    const server = await start({ text: ['one', 'two'], byHand: true })
    const response = await ask(server)
    const request = await server.request(0)
    await Promise.all([server.stop(), server.stop()])
    await server.stop()
    await expect(response.text()).rejects.toThrow('terminated')
    expect(await request.closed).toMatchObject({ isWhole: false })
  })

  it('rejects whoever waits for a request', async () => {
    const server = await start()
    const waiting = server.request(3).catch((error: unknown) => error)
    await server.stop()
    expect(String(await waiting)).toContain('stopped before request 3')
    await expect(server.request(3)).rejects.toThrow('stopped before request 3')
  })
})
