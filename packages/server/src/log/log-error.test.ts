import { describe, expect, it } from 'vitest'
import { logError } from './log-error.js'

const secret = `${'A1b2'.repeat(2)}C3d4e5f6`
const logged = (thrown: unknown) => JSON.stringify(logError(thrown))

describe('an error in the log', () => {
  it('has its type, message, stack and properties, and those of its causes', () => {
    const reason = Object.assign(new RangeError('connect refused'), {
      code: 'ECONNREFUSED',
      port: 5432,
      cause: 'nobody there',
    })
    const error = Object.assign(new TypeError('no answer', { cause: reason }), { status: 503, retry: true })
    expect(logError(error)).toEqual({
      type: 'TypeError',
      message: 'no answer',
      stack: expect.stringContaining('log-error.test.ts'),
      status: 503,
      retry: true,
      cause: {
        type: 'RangeError',
        message: 'connect refused',
        stack: expect.stringContaining('RangeError: connect refused'),
        code: 'ECONNREFUSED',
        port: 5432,
        cause: 'nobody there',
      },
    })
  })

  it('has all errors of one that stands for several', () => {
    const error = new AggregateError([new Error('first'), new Error('second')], 'both failed')
    expect(logError(error)).toMatchObject({
      message: 'both failed',
      errors: [{ message: 'first' }, { message: 'second' }],
    })
  })

  it('is what was thrown, when that is no error', () => {
    expect(logError('went wrong')).toBe('went wrong')
    expect(logError(7n)).toBe('7')
    expect(logError(undefined)).toBeUndefined()
    expect(logError({ code: 'X', at: [1, 'two'] })).toEqual({ code: 'X', at: [1, 'two'] })
  })

  it('has no credentials in its texts', () => {
    const cause = new Error(`GET https://user:${secret}@a.example/?key=${secret} failed`)
    const error = new Error(`401 with Bearer ${secret}`, { cause })
    expect(logged(Object.assign(error, { hint: `try sk-${secret}` }))).not.toContain(secret)
    expect(logged(`password=${secret}`)).not.toContain(secret)
  })

  it('has no credentials under their names, however deep', () => {
    const error = Object.assign(new Error('x'), {
      apiKey: secret,
      Authorization: [secret],
      nested: { deeper: { 'x-session-token': { value: secret }, password: secret, tokens: 12 } },
    })
    expect(logged(error)).not.toContain(secret)
    expect(logError(error)).toMatchObject({ apiKey: '***', nested: { deeper: { tokens: 12 } } })
  })

  it('tells of a request and a response on it what they were, not what they said', () => {
    const error = Object.assign(new Error('Request failed with status code 401'), {
      config: {
        method: 'post',
        url: `https://a.example/v1?q=${secret}`,
        headers: { Authorization: secret },
        data: secret,
      },
      request: new (class ClientRequest {
        method = 'POST'
        headers = { cookie: secret }
        _header = secret
      })(),
      response: { status: 401, statusText: 'Unauthorized', headers: { 'set-cookie': secret }, data: secret },
    })
    expect(logged(error)).not.toContain(secret)
    expect(logError(error)).toMatchObject({
      config: { method: 'post', url: 'https://a.example/v1' },
      request: { method: 'POST' },
      response: { status: 401, statusText: 'Unauthorized' },
    })
  })

  it('has nothing of what was said, where libraries keep it', () => {
    const error = Object.assign(new Error('x'), {
      requestBodyValues: { messages: [{ role: 'user', content: secret }] },
      responseBody: secret,
      responseHeaders: { 'x-a': secret },
      headers: new Headers({ 'x-a': secret }),
      data: { text: secret },
      messages: [secret],
      prompt: secret,
      error: { message: 'too long', param: 'messages', input: secret },
      url: `https://a.example/chat?q=${secret}`,
    })
    expect(logged(error)).not.toContain(secret)
    expect(logError(error)).toMatchObject({
      error: { message: 'too long' },
      url: 'https://a.example/chat',
    })
  })

  it('names objects of a class, and does not look into them', () => {
    const error = Object.assign(new Error('x'), {
      socket: new (class Socket {
        secret = secret
      })(),
      map: new Map([[secret, secret]]),
      buffer: Buffer.from(secret),
      at: new URL(`https://user:${secret}@a.example/x?key=${secret}`),
      run: () => secret,
    })
    expect(logError(error)).toMatchObject({
      socket: '[Socket]',
      map: '[Map]',
      buffer: '[Buffer]',
      at: 'https://***@a.example/x',
    })
    expect(logged(error)).not.toContain(secret)
  })
})

describe('an error that is hard to write down', () => {
  it('may be its own cause, or have a cycle', () => {
    const error = Object.assign(new Error('x'), { self: {} })
    error.cause = error
    Object.assign(error.self, { error, self: error.self })
    expect(logError(error)).toMatchObject({ cause: '[repeated]', self: { error: '[repeated]' } })
  })

  it('may be as deep and as large as it likes', () => {
    let deep: object = {}
    for (let n = 0; n < 10_000; n += 1) deep = { deep }
    let cause = new Error('the first')
    for (let n = 0; n < 1_000; n += 1) cause = new Error('x'.repeat(1_000), { cause })
    const wide = Object.fromEntries(Array.from({ length: 10_000 }, (_, n) => [`n${n}`, 'x'.repeat(1_000)]))
    const error = Object.assign(new Error('x'.repeat(1_000_000), { cause }), {
      deep,
      wide,
      list: Array.from({ length: 100_000 }, () => ({ wide })),
    })
    expect(logged(error).length).toBeLessThan(100_000)
  })

  it('may throw when it is looked at', () => {
    const boom = () => {
      throw new Error('boom')
    }
    const error = new Error('x')
    for (const name of ['message', 'stack', 'cause', 'errors', 'constructor', 'own']) {
      Object.defineProperty(error, name, { get: boom, enumerable: true })
    }
    expect(logError(error)).toMatchObject({ message: '' })
    const hostile = new Proxy(new Error('x'), { get: boom, ownKeys: boom, getPrototypeOf: boom })
    expect(logError(hostile)).toEqual({ type: 'Error', message: 'The error can not be written down.' })
    expect(logError({ toJSON: boom, ok: 1 })).toEqual({ ok: 1 })
  })

  it('may have the names of a prototype', () => {
    const error = Object.assign(new Error('x'), { own: JSON.parse('{"__proto__":{"a":1},"b":2}') as object })
    expect(logError(error)).toMatchObject({ own: { b: 2 } })
    expect(Object.getPrototypeOf(logError(error))).toBe(Object.prototype)
  })

  it('keeps the end of a credential to itself where it is cut', () => {
    const error = new Error(`${'x'.repeat(3_990)} Bearer ${secret.repeat(40)}`)
    expect(logged(error)).not.toContain(secret)
  })
})
