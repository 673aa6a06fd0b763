import * as fc from 'fast-check'

/** A request as it stands on the wire. */
export interface RawRequest {
  readonly method: string
  /** A byte a character. */
  readonly text: string
  /** Whether its client breaks off instead of sending what it announced. */
  readonly isBrokenOff: boolean
}

/** What a request begins with, besides its headers and its body. */
export interface RequestStart {
  readonly method: fc.Arbitrary<string>
  readonly target: fc.Arbitrary<string>
}

const visible = Array.from({ length: 94 }, (_, n) => String.fromCodePoint(33 + n))

/** Any byte, as a character. */
export const anyByte = fc.integer({ min: 0, max: 255 }).map((byte) => String.fromCodePoint(byte))

/** Text of visible ASCII characters, `extra` ones more often than the rest. */
export function visibleText(extra: readonly string[], maxLength = 30): fc.Arbitrary<string> {
  const unit = fc.oneof(fc.constantFrom(...visible), fc.constantFrom(...extra))
  return fc.string({ unit, maxLength })
}

/** Bytes as text, a byte a character; without the line breaks that would end a header. */
const headerText = fc.string({ unit: anyByte, maxLength: 40 }).map((text) => text.replaceAll(/[\r\n]/g, ' '))

const tokens = "!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
const token = fc.string({ unit: fc.constantFrom(...tokens.split('')), minLength: 1, maxLength: 20 })

const knownHeaders =
  'Accept Accept-Encoding Authorization Cookie Content-Encoding Content-Type Origin Forwarded X-Forwarded-For ' +
  'X-Forwarded-Host X-Forwarded-Proto X-HTTP-Method-Override If-None-Match If-Modified-Since Last-Event-ID Range TE ' +
  'Trailer Expect Upgrade Via X-Request-Id Idempotency-Key Access-Control-Request-Method traceparent __proto__'

const knownValues =
  '|application/json|application/json; charset=utf-8|application/json;charset|text/plain|100-continue|*/*|a/b;q=x|' +
  'text/event-stream|gzip|br, gzip|deflate|identity|null|websocket|bytes=0-|1|-1|Bearer x|,|' +
  '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'

const headerName = fc.oneof(token, fc.constantFrom(...knownHeaders.split(' ')))
const headerValue = fc.oneof(headerText, fc.constantFrom(...knownValues.split('|')))

const header = fc.oneof(
  { weight: 10, arbitrary: fc.tuple(headerName, headerValue).map((pair) => pair.join(': ')) },
  { weight: 1, arbitrary: headerText }, // what is no header at all
)

/** The names that a request says it is for: usually the server's. */
const host = fc.oneof(
  { weight: 20, arbitrary: fc.constant('Host: localhost\r\n') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('', 'Host: \r\n', 'Host: a.example\r\n', 'Host: a\r\nHost: b\r\n'),
  },
  { weight: 1, arbitrary: headerText.map((text) => `Host: ${text}\r\n`) },
)

/** How a body is announced and sent. */
const framing = fc.constantFrom('none', 'length', 'length', 'chunked', 'too short', 'too long', 'both', 'odd')

const oddLength = fc.constantFrom('', '-1', '1e2', '0x1', '007', '1, 1', '9007199254740993', '9'.repeat(30))

/** Any request that begins so, with any headers and any bytes as its body: framed well, framed badly, broken off. */
export function rawRequest({ method, target }: RequestStart): fc.Arbitrary<RawRequest> {
  const headers = fc.array(header, { maxLength: 6 })
  return fc
    .record({ method, target, host, headers, framing, oddLength, body: bodyBytes, isJson: fc.boolean() })
    .map(({ method, target, host, headers, framing, oddLength, body, isJson }) => {
      const lines = [`${method} ${target} HTTP/1.1`, `${host}Connection: close`, ...headers]
      if (isJson) lines.push('Content-Type: application/json')
      const length = (text: string | number) => lines.push(`Content-Length: ${text}`)
      if (framing === 'length' || framing === 'both') length(body.length)
      if (framing === 'too short') length(body.length + 10)
      if (framing === 'too long') length(Math.floor(body.length / 2))
      if (framing === 'odd') length(oddLength)
      const isChunked = framing === 'chunked' || framing === 'both'
      if (isChunked) lines.push('Transfer-Encoding: chunked')
      const sent = framing === 'none' ? '' : isChunked ? inChunks(body) : body
      return {
        method,
        text: `${lines.join('\r\n')}\r\n\r\n${sent}`,
        isBrokenOff: framing === 'too short' || framing === 'odd',
      }
    })
}

const bytes = fc.string({ unit: anyByte, maxLength: 200 })

const bodyBytes = fc.oneof(
  bytes,
  fc.json().map((text) => Buffer.from(text).toString('latin1')),
  fc.constantFrom('{}', '{"message":"hi"}', '{"message":"hi","stream":true}'),
)

function inChunks(body: string): string {
  const middle = Math.floor(body.length / 2)
  const pieces = [body.slice(0, middle), body.slice(middle)].filter((piece) => piece !== '')
  return `${pieces.map((piece) => `${piece.length.toString(16)}\r\n${piece}\r\n`).join('')}0\r\n\r\n`
}
