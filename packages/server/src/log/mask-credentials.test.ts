import { describe, expect, it } from 'vitest'
import { isCredentialName, maskCredentials } from './mask-credentials.js'

// Put together here, so that no tool takes this file for one with keys in it.
const secret = `${'A1b2'.repeat(2)}C3d4e5f6`

describe('a text with credentials', () => {
  it.each<[what: string, text: string, kept: string]>([
    ['a bearer token', `401 for Bearer ${secret}`, '401 for Bearer ***'],
    ['a header', `Authorization: Bearer ${secret}\nHost: a.example`, 'Authorization: ***\nHost: a.example'],
    ['a header in JSON', `{"authorization":"Basic ${secret}","n":1}`, '{"authorization":"***","n":1}'],
    [
      'a header of Basic authentication',
      `sent Basic dXNlcjp${secret}== to a.example`,
      'sent Basic *** to a.example',
    ],
    ['cookies', `Cookie: a=${secret}; b=${secret}`, 'Cookie: ***'],
    [
      'an address with a password',
      `connect redis://user:${secret}@r.example:6379/0`,
      'connect redis://***@r.example:6379/0',
    ],
    ['an address with a password alone', `redis://:${secret}@r.example`, 'redis://***@r.example'],
    [
      'an address with a key',
      `GET https://m.example/v1?alt=sse&key=${secret}&n=1`,
      'GET https://m.example/v1?alt=sse&key=***&n=1',
    ],
    [
      'an address that is signed',
      `https://s.example/o?X-Amz-Signature=${secret}`,
      'https://s.example/o?X-Amz-Signature=***',
    ],
    ['an assignment', `password=${secret} host=db`, 'password=*** host=db'],
    ['a field of JSON', `{"client_secret": "two words ${secret}"}`, '{"client_secret": ***}'],
    ['a field of an inspected object', `{ accessToken: '${secret}', n: 1 }`, '{ accessToken: ***, n: 1 }'],
    ...[
      'OPENAI_API_KEY',
      'AWS_SECRET_ACCESS_KEY',
      'openaiApiKey',
      'DB_PWD',
      'STRIPE_PRIVATE_KEY',
      'SECRET_KEY',
    ].flatMap((name): [string, string, string][] => [
      [`the variable ${name}`, `${name}=${secret} is set`, `${name}=*** is set`],
      [`the setting ${name}`, `${name}: "two words ${secret}", n: 1`, `${name}: ***, n: 1`],
      [`the field ${name}`, JSON.stringify({ [name]: secret, n: 1 }), `{"${name}":***,"n":1}`],
    ]),
    [
      'a variable with a long name',
      `${'VERY_'.repeat(20)}LONG_TOKEN=${secret}`,
      `${'VERY_'.repeat(20)}LONG_TOKEN=***`,
    ],
    ['a header in a variable', `UPSTREAM_AUTHORIZATION=Bearer ${secret}`, 'UPSTREAM_AUTHORIZATION=***'],
    ['a quoted text with a quote in it', `{"password":"a\\"b ${secret}","n":1}`, '{"password":***,"n":1}'],
    [
      'a text in JSON in JSON',
      `"{\\"password\\":\\"two ${secret}\\",\\"n\\":1}"`,
      '"{\\"password\\":***,\\"n\\":1}"',
    ],
    ['a text that is cut off', `{"password":"two ${secret}`, '{"password":***'],
    [
      'an address whose password has an @',
      `https://user:p@${secret}@r.example/a@b`,
      'https://***@r.example/a@b',
    ],
    ['a header with a key', `x-api-key: ${secret}`, 'x-api-key: ***'],
    [
      'a key of a provider',
      `Incorrect API key provided: sk-proj-${secret}.`,
      'Incorrect API key provided: ***.',
    ],
    ['a key of this server', `clq_${secret} is no key`, '*** is no key'],
    ['a key of GitHub', `ghp_${secret}`, '***'],
    ['a key of AWS', `for AKIA${'Q'.repeat(16)}`, 'for ***'],
    ['a key of Google', `for AIza${secret.repeat(2)}`, 'for ***'],
    ['a JSON Web Token', `got eyJhbGciOi.eyJzdWIiOi.${secret}`, 'got ***'],
    [
      'a private key',
      `-----BEGIN RSA PRIVATE KEY-----\n${secret}\n-----END RSA PRIVATE KEY----- is bad`,
      '*** is bad',
    ],
    ['a private key that is cut off', `-----BEGIN PRIVATE KEY-----\n${secret}`, '***'],
  ])('keeps all but %s', (_what, text, kept) => {
    expect(maskCredentials(text)).toBe(kept)
  })

  it.each([
    'Bearer authentication is required, Bearer token missing',
    'Basic understanding of what failed',
    'connect ECONNREFUSED 127.0.0.1:5432',
    'Unexpected token < in JSON at position 0',
    'used 500 tokens, max_tokens: 400',
    'GET https://a.example/v1/chat?n=1 answered 500',
    'at Object.<anonymous> (file:///home/me/bot.ts:3:9)',
    'mail me@a.example',
  ])('stays as it is when it has none: %s', (text) => {
    expect(maskCredentials(text)).toBe(text)
  })

  it.each([
    'password-',
    'a-',
    'a',
    'eyJ-',
    'a://',
    'a://@',
    'token ',
    'token="',
    'token="\\"',
    'token=\\"',
    `token='"`,
    '\\"',
    'cookie:"',
    '-----BEGIN PRIVATE KEY',
    'ghp_-',
    '?&;',
  ])('takes no long time, whatever it is: %s, again and again', (part) => {
    const text = part.repeat(Math.ceil(1_000_000 / part.length))
    expect(maskCredentials(text).length).toBeLessThanOrEqual(text.length)
  })

  it.each(['token', 'token=', 'Bearer', 'password="'])(
    'takes no long time: %s and a lot of nothing',
    (name) => {
      const text = name + ' '.repeat(1_000_000)
      expect(maskCredentials(text).length).toBeLessThanOrEqual(text.length)
    },
  )
})

describe('the name of a credential', () => {
  it.each([
    'Authorization',
    'proxy-authorization',
    'X-Api-Key',
    'apiKey',
    'OPENAI_API_KEY',
    'set-cookie',
    'password',
    'dbPassword',
    'client_secret',
    'refresh-token',
    'key',
    'auth',
    'AWS_SECRET_ACCESS_KEY',
  ])('is %s', (name) => {
    expect(isCredentialName(name)).toBe(true)
  })

  it.each(['code', 'keys', 'status', 'author', 'monkey', 'path', 'sessionId'])('is not %s', (name) => {
    expect(isCredentialName(name)).toBe(false)
  })
})
