import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished } from 'vitest'
import { Marks } from './marks.fixture.js'
import { startServer } from './server-process.fixture.js'

interface Operation {
  readonly method: string
  readonly path: string
  readonly hasBody: boolean
}

const chat = fileURLToPath(new URL('./leaky-chat.fixture.ts', import.meta.url))

/** The flags of a store in a file, which is there until the test has ended. */
function inFile(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-redaction-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return ['--store', `sqlite:${join(folder, 'colloquy.db')}`]
}

/** A server with a key, that logs everything there is. */
async function startLogging(marks: Marks, flags: readonly string[] = []) {
  const key = marks.put('the key')
  const hash = createHash('sha256').update(key).digest('hex')
  const argv = [chat, '--port', '0', '--host', '127.0.0.1', '--log-level', 'trace', ...flags]
  const server = startServer(argv, { COLLOQUY_API_KEYS: `me:${hash}` })
  onTestFinished(async () => {
    server.child.kill('SIGKILL')
    await server.ended
  })
  const url = await server.url
  const errors: string[] = []

  /** Sends a request; keeps the answer when it tells of an error. */
  async function send(method: string, path: string, init: RequestInit = {}): Promise<string> {
    const headers = { Authorization: `Bearer ${key}`, ...(init.headers as Record<string, string>) }
    const response = await fetch(url + path, { ...init, method, headers })
    const text = await response.text()
    if (response.status >= 400) errors.push(JSON.stringify([...response.headers, withoutContent(text)]))
    return text
  }

  /** Every operation that the server documents. */
  async function operations(): Promise<Operation[]> {
    const { paths } = JSON.parse(await send('GET', '/openapi.json')) as {
      paths: Record<string, Record<string, object>>
    }
    return Object.entries(paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        hasBody: 'requestBody' in operation,
      })),
    )
  }

  return { ...server, address: url, errors, send, operations }
}

/** A problem without the text of its turn so far, which is what the chat interface wants to be told. */
function withoutContent(text: string): object {
  const { content: _content, ...rest } = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>)
  return rest
}

/** What an error tells back to who sent it: it says what is not there. */
const toldBack: ReadonlySet<string> = new Set([
  'the session of a body',
  'an id in a path',
  'a path that is none',
])

const hasPrlimit = (() => {
  try {
    execFileSync('prlimit', ['--version'])
    return true
  } catch {
    return false
  }
})()

/** Changes how large the files may be that a process writes. */
function limitFiles(pid: number | undefined, bytes: string): void {
  execFileSync('prlimit', ['--pid', String(pid), `--fsize=${bytes}:`])
}

/** Bytes that Node's own client would not send. */
async function sendRaw(url: string, text: string): Promise<string> {
  const { port, hostname } = new URL(url)
  const socket = connect(Number(port), hostname)
  socket.on('error', () => {}) // the server may close before it has read all
  socket.end(text)
  let answer = ''
  socket.setEncoding('utf8').on('data', (part: string) => {
    answer += part
  })
  await once(socket, 'close')
  return answer
}

const json = { 'Content-Type': 'application/json' }

describe('what a client sends', () => {
  it.each([
    ['with its sessions in memory', () => []],
    ['with its sessions in a file, behind a proxy', () => [...inFile(), '--trust-proxy', 'loopback']],
  ])(
    'to a server %s is in no line of the log, in no metric, and in no answer about an error but for what is not there',
    async (_what, flags) => {
      const marks = new Marks()
      const server = await startLogging(marks, flags())
      const { send, errors } = server

      const headers = (): Record<string, string> => ({
        Cookie: `a=${marks.put('a cookie')}`,
        'X-Api-Key': marks.put('the header X-Api-Key'),
        Referer: `https://a.example/${marks.put('the referer')}`,
        'User-Agent': marks.put('the user agent'),
        'Proxy-Authorization': `Basic ${marks.put('the header Proxy-Authorization')}`,
        'X-Forwarded-For': marks.put('the header X-Forwarded-For'),
        'X-Forwarded-Host': marks.put('the header X-Forwarded-Host'),
        'X-Forwarded-Proto': marks.put('the header X-Forwarded-Proto'),
        Forwarded: `for=${marks.put('the header Forwarded')}`,
        Origin: `https://${marks.put('an origin')}.example`,
        'Idempotency-Key': marks.put('an idempotency key'),
        traceparent: marks.put('a traceparent'),
        baggage: `a=${marks.put('the baggage')}`,
        tracestate: `a=${marks.put('a tracestate')}`,
        'Accept-Language': marks.put('the header Accept-Language'),
        'Last-Event-ID': marks.put('the header Last-Event-ID'),
        [`X-${marks.put('the name of a header')}`]: marks.put('any header'),
        // What is no visible ASCII is replaced, not cut down.
        'X-Request-Id': `${marks.put('a request id that is none')} with a space`,
      })
      /** Headers that are right, or nearly, and have more in them than is of use. */
      const odd = (): Record<string, string> => ({
        'X-Forwarded-For': `fe80::1%${marks.put('the zone of an address')}, 192.0.2.1`,
        traceparent: `01-${'a'.repeat(32)}-${'b'.repeat(16)}-01-${marks.put('the end of a traceparent')}`,
        tracestate: `a=${marks.put('a tracestate that is taken')}`,
        'Idempotency-Key': `${marks.put('an idempotency key that is none')} with a space`,
      })
      const bodies = (): Record<string, RequestInit> => ({
        fields: {
          headers: json,
          body: JSON.stringify({
            message: { deep: marks.put('a message of the wrong type') },
            session_id: marks.put('the session of a body'),
            metadata: { colour: [marks.put('metadata of the wrong type')] },
            ttl_seconds: marks.put('a ttl'),
            stream: marks.put('the field stream'),
            reason: marks.put('a reason'),
            nothing: marks.put('an unknown field'),
          }),
        },
        'no session': {
          headers: json,
          body: JSON.stringify({
            message: marks.put('a message'),
            session_id: marks.put('the session of a body'),
            metadata: { colour: marks.put('metadata') },
          }),
        },
        malformed: { headers: json, body: `{"message":"${marks.put('malformed JSON')}` },
        'no object': { headers: json, body: JSON.stringify([marks.put('a body that is a list')]) },
        'too long': {
          headers: json,
          body: JSON.stringify({ message: marks.put('a message that is too long').repeat(40_000) }),
        },
        'another type': {
          headers: { 'Content-Type': 'text/plain' },
          body: marks.put('a body of another type'),
        },
        'a type of its own': {
          headers: { 'Content-Type': `application/json; charset=${marks.put('a charset')}` },
          body: '{}',
        },
        'an encoding': {
          headers: { ...json, 'Content-Encoding': marks.put('an encoding') },
          body: marks.put('an encoded body'),
        },
      })
      const all = await server.operations()
      expect(all.length).toBeGreaterThan(10)
      for (const { method, path, hasBody } of all) {
        const filled = path.replaceAll(/\{\w+\}/g, () => marks.put('an id in a path'))
        const query = `?cursor=${marks.put('a cursor')}&limit=${marks.put('a limit')}&x=${marks.put('a query')}`
        await send(method, filled, { headers: headers() })
        await send(method, filled + query, { headers: headers() })
        await send(method, `${filled}?cursor=${marks.put('a cursor')}`)
        await send(method, filled, { headers: odd() })
        for (const scheme of ['Bearer', 'Basic', 'Unknown']) {
          await send(method, filled, { headers: { Authorization: `${scheme} ${marks.put(`a ${scheme}`)}` } })
        }
        if (!hasBody) continue
        for (const init of Object.values(bodies())) {
          await send(method, filled, { ...init, headers: { ...headers(), ...(init.headers as object) } })
        }
      }
      await send('PUT', `/health?x=${marks.put('a query')}`)
      for (const bytes of [
        `GET / HTTP/9.${marks.put('a version')}\r\n\r\n`,
        `${marks.put('a method')} / HTTP/1.1\r\nHost: a\r\n\r\n`,
        `GET / HTTP/1.1\r\nHost: a\r\nX-A: ${marks.put('a header that is too long').repeat(1_000)}\r\n\r\n`,
        `GET / HTTP/1.1\r\n${marks.put('a line that is no header')}\r\n\r\n`,
        `GET http://${marks.put('a host')}:x/ HTTP/1.1\r\nHost: a\r\n\r\n`,
        `GET /%zz${marks.put('a path that is none')} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`,
        `POST /api/v1/chat HTTP/1.1\r\nHost: a\r\nContent-Length: ${marks.put('a length')}\r\n\r\n`,
        `CONNECT ${marks.put('a tunnel')}:80 HTTP/1.1\r\nHost: a\r\n\r\n`,
      ]) {
        errors.push(await sendRaw(server.address, bytes))
      }

      // What is said, and what answers it.
      const session = JSON.parse(
        await send('POST', '/api/v1/sessions', {
          headers: json,
          body: JSON.stringify({ metadata: { [marks.put('a key of metadata')]: marks.put('metadata') } }),
        }),
      ) as { session_id: string }
      const { session_id } = session
      for (const what of ['say', 'throw', 'refuse', 'chunk', 'name', 'result', 'cycle', 'flood']) {
        for (const stream of [false, true]) {
          const message = `${what} ${marks.put(`a message that leads to ${what}`)}`
          const metadata = { colour: marks.put('metadata of a turn') }
          const body = JSON.stringify({ message, session_id, stream, metadata })
          await send('POST', '/api/v1/chat', { headers: { ...headers(), ...json }, body })
        }
      }
      const key = marks.put('an idempotency key that is used again')
      for (const message of [marks.put('the message of a key'), marks.put('another message of a key')]) {
        const body = JSON.stringify({ message, session_id })
        await send('POST', '/api/v1/chat', { headers: { ...odd(), ...json, 'Idempotency-Key': key }, body })
      }
      await send('GET', `/api/v1/sessions/${session_id}/messages`)
      await send('PATCH', `/api/v1/sessions/${session_id}`, {
        headers: json,
        body: JSON.stringify({ metadata: { colour: marks.put('changed metadata') } }),
      })
      await send('DELETE', `/api/v1/sessions/${session_id}`)

      const metrics = await send('GET', '/metrics')
      server.child.kill('SIGTERM')
      const { exitCode, stdout, stderr } = await server.ended
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      const lines = stdout.split('\n')
      expect(lines.filter((line) => line.includes('"request_id"')).length).toBeGreaterThan(100)
      expect(lines.filter((line) => line.includes('turn failed'))).toHaveLength(14)
      expect(errors.length).toBeGreaterThan(70)
      for (const code of ['idempotency_key_reused', 'upstream_failed']) expect(errors.join()).toContain(code)
      expect(marks.count).toBeGreaterThan(300)
      expect(marks.foundIn(stdout)).toEqual([])
      expect(marks.foundIn(metrics)).toEqual([])
      const told = marks.foundIn(errors.join('\n')).filter((place) => !toldBack.has(place))
      expect(told).toEqual([])
    },
  )

  it('is in the log where a chat interface puts it into its own error, and there only', async () => {
    const marks = new Marks()
    const server = await startLogging(marks)
    const message = `repeat ${marks.put('a message')}`
    await server.send('POST', '/api/v1/chat', { headers: json, body: JSON.stringify({ message }) })
    server.child.kill('SIGTERM')
    const { stdout } = await server.ended
    const lines = stdout.split('\n').filter((line) => marks.foundIn(line).length > 0)
    expect(lines.map((line) => JSON.parse(line) as object)).toEqual([
      expect.objectContaining({ msg: 'turn failed', err: expect.objectContaining({ type: 'Error' }) }),
    ])
  })

  it.skipIf(!hasPrlimit)(
    'is nowhere either when the store fails (needs prlimit, of util-linux)',
    async () => {
      const marks = new Marks()
      const server = await startLogging(marks, inFile())
      const { send, errors } = server
      const post = (path: string, body: object, key = marks.put('an idempotency key')) =>
        send('POST', path, { headers: { ...json, 'Idempotency-Key': key }, body: JSON.stringify(body) })
      const metadata = () => ({ [marks.put('a key of metadata')]: marks.put('metadata') })
      const { session_id } = JSON.parse(await post('/api/v1/sessions', { metadata: metadata() })) as {
        session_id: string
      }
      const session = `/api/v1/sessions/${session_id}`
      const running = post('/api/v1/chat', { message: `hang ${marks.put('a running message')}`, session_id })
      let turnId: string | null = null
      while (turnId === null) {
        turnId = (JSON.parse(await send('GET', session)) as { active_turn_id: string | null }).active_turn_id
      }
      limitFiles(server.child.pid, '0')
      for (const message of [marks.put('a message that is not kept'), marks.put('another one')]) {
        await post('/api/v1/chat', { message, metadata: metadata(), stream: true })
        await post('/api/v1/chat', { message, session_id, on_busy: 'queue' })
      }
      await post('/api/v1/sessions', { metadata: metadata() })
      await post(`${session}/turns/${turnId}/cancel`, { reason: marks.put('a reason to cancel') })
      await running
      await send('PATCH', session, { headers: json, body: JSON.stringify({ metadata: metadata() }) })
      await send('DELETE', session)
      limitFiles(server.child.pid, 'unlimited')
      server.child.kill('SIGTERM')
      const { exitCode, stdout, stderr } = await server.ended
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
      expect(stdout).toContain('store_unavailable')
      expect(server.lines.filter(({ level }) => Number(level) >= 50).length).toBeGreaterThan(5)
      expect(errors.length).toBeGreaterThan(7)
      expect(marks.foundIn(stdout)).toEqual([])
      expect(marks.foundIn(errors.join('\n'))).toEqual([])
    },
  )
})
