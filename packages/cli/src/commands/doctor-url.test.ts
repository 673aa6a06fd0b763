import { execFileSync, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener, type Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { join } from 'node:path'
import { createApiKey, createApiKeys, type ServeOptions, serve } from '@colloquy/server'
import { type ChatInterface, createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { CheckFinding } from '../doctor/finding.js'
import { runMain } from '../run-main.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

async function found(url: string, argv: readonly string[] = [], env: Readonly<Record<string, string>> = {}) {
  const { exitCode, stdout, stderr } = await runMain(['doctor', '--json', '--url', url, ...argv], { env })
  expect(stderr).toBe('')
  const { findings } = JSON.parse(stdout) as { findings: readonly CheckFinding[] }
  const of = (check: string) => findings.filter((finding) => finding.check === check)
  return { exitCode, of, text: stdout }
}

/** A server whose answers take as long as the message says, in milliseconds. */
async function startServer(options: Partial<ServeOptions> = {}, chat: Partial<ChatInterface> = {}) {
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat: {
      name: 'slow',
      async *reply(message) {
        yield 'one '
        await new Promise((resolve) => setTimeout(resolve, Number(message)))
        yield 'two'
      },
      ...chat,
    },
  })
  const server = await serve({ manager, port: 0, host: '127.0.0.1', ...options })
  onTestFinished(() => server.close({ grace: 0 }))
  return { ...server, manager }
}

async function listening(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return (server.address() as AddressInfo).port
}

const answering = async (listener: RequestListener) =>
  `http://127.0.0.1:${await listening(createServer(listener))}`

describe('colloquy doctor --url', () => {
  it('finds a server in order, and says what it can not tell', async () => {
    const { url, manager } = await startServer()
    const { exitCode, stdout, stderr } = await runMain(['doctor', '--url', url])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(stdout.replaceAll(url, 'URL')).toMatchInlineSnapshot(`
      "ok         address      127.0.0.1 is 127.0.0.1.
      ok         transport    Plain HTTP, on this machine.
      ok         transport    HTTP/1.1: a browser opens six connections to a host, and each stream takes one.
      ok         server       It answers.
      ok         server       Its clock is that of this machine.
      ok         health       Healthy: store, chat.
      ok         key          The server wants no key.
      ok         version      Version 0.0.0, as here.
      unchecked  compression  There is no turn yet, whose stream could be looked at.
                              Chat once, and look again.
      unchecked  streams      Whether streams are held back: only an answer tells, and one may cost something.
                              colloquy doctor --url URL --message Hello
      unchecked  time-outs    How long a silent connection may last: that takes as long to find out.
                              A stream says something every --keep-alive seconds (15): what stands in front has to wait longer. An answer as JSON is silent for up to --turn-timeout (600 s).

      All that was checked is in order.
      "
    `)
    expect((await manager.sessions.list()).data).toEqual([])
  })

  it('takes an address without a scheme, and refuses what is none', async () => {
    const { port } = await startServer()
    expect((await found(`127.0.0.1:${port}`)).exitCode).toBe(0)
    const { exitCode, stderr } = await runMain(['doctor', '--url', 'ftp://x'])
    expect({ exitCode, stderr }).toEqual({
      exitCode: 2,
      stderr: expect.stringContaining('--url: "ftp://x" is not'),
    })
  })

  it('tells wrong flags, as serve would', async () => {
    expect(await runMain(['doctor', '--url', 'localhost', '--jsno'])).toMatchObject({
      exitCode: 2,
      stderr: '--jsno: there is no such option. Did you mean --json?\n',
    })
  })

  it('says that the host is not known, or nothing listens', async () => {
    const unknown = await found('http://nowhere.invalid')
    expect(unknown.exitCode).toBe(1)
    expect(unknown.of('address')).toMatchObject([
      { status: 'fault', found: 'The host nowhere.invalid is not known.' },
    ])
    expect(unknown.of('health')).toMatchObject([
      { status: 'unchecked', found: 'Not before the server answers.' },
    ])
    const closed = await found('http://127.0.0.1:1')
    expect(closed.of('server')).toMatchObject([
      { status: 'fault', found: 'Nothing listens at http://127.0.0.1:1.' },
    ])
  })

  it.each([
    [
      'leads elsewhere',
      { status: 308, headers: { Location: 'https://chat.example.com/' } },
      { found: expect.stringContaining('leads elsewhere: 308, https://chat.example.com/'), status: 'fault' },
    ],
    [
      'is another one',
      { status: 404, headers: { Server: 'other/1.0' } },
      {
        found: expect.stringMatching(/^This is no Colloquy server: .* 404, behind other\/1\.0\.$/),
        status: 'fault',
      },
    ],
    [
      'is a proxy without a server',
      { status: 502, headers: {} },
      { found: expect.stringMatching(/^The proxy reaches no server: /), status: 'fault' },
    ],
  ])('says that what answers there %s', async (_what, { status, headers }, finding) => {
    const url = await answering((_req, res) => res.writeHead(status, headers).end('<html>'))
    expect((await found(url)).of('server')).toMatchObject([finding])
  })

  it('says that the server does not know the host name', async () => {
    const { port } = await startServer({ allowedHosts: ['chat.example.com'] })
    expect((await found(`http://127.0.0.1:${port}`)).of('server')).toMatchObject([
      { status: 'fault', mend: expect.stringContaining('--allowed-host 127.0.0.1') },
    ])
  })

  it('says what is unhealthy', async () => {
    const health = () =>
      ({ index: { status: 'unhealthy', detail: 'empty' }, cache: { status: 'degraded' } }) as const
    const { url } = await startServer({ startDegraded: true }, { health })
    const { exitCode, of } = await found(url)
    expect(exitCode).toBe(1)
    expect(of('health')).toMatchObject([
      { status: 'fault', found: 'chat is unhealthy.' },
      { status: 'fault', found: 'index is unhealthy: empty.' },
      { status: 'warning', found: 'cache is degraded.' },
    ])
  })

  it('tells a clock that is wrong', async () => {
    const url = await answering((_req, res) =>
      res.writeHead(200, { Date: 'Thu, 01 Jan 1970 00:00:00 GMT' }).end('{"status":"live"}'),
    )
    expect((await found(url)).of('server')).toMatchObject([
      { status: 'ok' },
      {
        status: 'warning',
        found: expect.stringMatching(/^Its clock is \d+ s behind that of this machine\.$/),
      },
    ])
  })
})

describe('colloquy doctor --url and the key', () => {
  const { key, entry } = createApiKey('web-shop')

  it('says whether one is needed, and known', async () => {
    const { url } = await startServer({ authenticate: createApiKeys([entry]).authenticate })
    const none = await found(url)
    expect(none.exitCode).toBe(1)
    expect(none.of('key')).toMatchObject([
      { status: 'fault', found: 'The server wants a key, and there is none.' },
    ])
    for (const check of ['version', 'compression'])
      expect(none.of(check)).toMatchObject([
        { status: 'unchecked', found: 'Not without a key that the server knows.' },
      ])
    const wrong = await found(url, ['--message', '0'], { COLLOQUY_API_KEY: 'clq_wrong_0123456789abcdef' })
    expect(wrong.of('key')).toMatchObject([
      { status: 'fault', found: expect.stringContaining('does not know the key') },
    ])
    expect(wrong.of('streams')).toMatchObject([{ status: 'unchecked' }])
    expect(wrong.text).not.toContain('clq_wrong')
    const right = await found(url, [], { COLLOQUY_API_KEY: key })
    expect(right.exitCode).toBe(0)
    expect(right.of('key')).toMatchObject([{ found: 'The key is known.' }])
    expect(right.of('version')).toMatchObject([{ found: expect.stringContaining('as here') }])
    expect(right.text).not.toContain(key)
  })

  it('says that one is given for nothing, and that the version is another', async () => {
    const { url } = await startServer({ version: '99.0.0' })
    const { of } = await found(url, [], { COLLOQUY_API_KEY: key })
    expect(of('key')).toMatchObject([
      { status: 'ok', found: 'The server wants no key, though one was given.' },
    ])
    expect(of('version')).toMatchObject([
      { status: 'warning', found: expect.stringMatching(/^Version 99\.0\.0; this command is /) },
    ])
  })
})

describe('colloquy doctor --url and streams', () => {
  it('sees with a message that they come as they are written, and leaves no session', async () => {
    const { url, manager } = await startServer()
    const { exitCode, of } = await found(url, ['--message', '700'])
    expect(of('streams')).toMatchObject([
      { status: 'ok', found: expect.stringMatching(/^Streams come as they are written/) },
    ])
    expect(exitCode).toBe(0)
    expect((await manager.sessions.list()).data).toEqual([])
  })

  it('can not tell from an answer that is made at once', async () => {
    const { url } = await startServer()
    expect((await found(url, ['--message', '0'])).of('streams')).toMatchObject([{ status: 'unchecked' }])
  })

  it('sees that they are held back', async () => {
    const { port } = await startServer()
    // A proxy that reads all of an answer before it passes it on.
    const proxy = createTcpServer({ allowHalfOpen: true }, (client) => {
      const server = connect(port, '127.0.0.1')
      const pieces: Buffer[] = []
      client.pipe(server, { end: false })
      server.on('data', (piece) => {
        pieces.push(piece)
        if (piece.includes('0\r\n\r\n') || (pieces.length === 1 && !piece.includes('event-stream')))
          client.write(Buffer.concat(pieces.splice(0)))
      })
      for (const socket of [client, server]) socket.on('error', () => undefined)
      client.on('close', () => server.destroy())
    })
    proxy.listen(0, '127.0.0.1')
    await once(proxy, 'listening')
    onTestFinished(() => void proxy.close())
    const url = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
    const { exitCode, of } = await found(url, ['--message', '700'])
    expect(exitCode).toBe(1)
    expect(of('streams')).toMatchObject([
      { status: 'fault', found: expect.stringMatching(/^Streams are held back: /) },
    ])
  })

  it('sees by a turn that is there whether they are compressed', async () => {
    const { url, manager } = await startServer()
    await (await manager.startTurn({ message: '0' })).ended
    expect((await found(url)).of('compression')).toMatchObject([
      { status: 'ok', found: 'Streams are not compressed.' },
    ])
  })

  it('says what a message is answered with, where that is no stream', async () => {
    const url = await answering((req, res) => {
      if (req.url === '/health/live') res.end('{"status":"live"}')
      else res.writeHead(413).end('too large')
    })
    expect((await found(url, ['--message', 'x'])).of('streams')).toMatchObject([
      { status: 'fault', found: 'A message is answered with 413, and no stream.' },
    ])
  })

  it('sees that they break off', async () => {
    const url = await answering((req, res) => {
      if (req.url === '/health/live') return res.end('{"status":"live"}')
      res
        .writeHead(200, { 'Content-Type': 'text/event-stream' })
        .write('id: 1\nevent: turn.started\ndata: {}\n\n')
      return setImmediate(() => res.destroy())
    })
    expect((await found(url, ['--message', 'x'])).of('streams')).toMatchObject([
      { status: 'fault', found: expect.stringMatching(/^The stream broke off/) },
    ])
  })
})

const noOpenssl = spawnSync('openssl', ['version']).status !== 0

describe('colloquy doctor --url and TLS', () => {
  it.skipIf(noOpenssl)('says that a certificate is not trusted', async () => {
    const folder = writeFolder({})
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => join(folder, name)) as [string, string]
    const subject = ['-subj', '/CN=localhost', '-days', '5']
    const make = ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', cert, ...subject]
    execFileSync('openssl', make, { stdio: 'ignore' })
    const files = { key: readFileSync(key), cert: readFileSync(cert) }
    const port = await listening(createTlsServer(files, (_req, res) => res.end('{"status":"live"}')))
    const { exitCode, of } = await found(`https://localhost:${port}`)
    expect(exitCode).toBe(1)
    expect(of('transport')).toMatchObject([
      { status: 'fault', found: expect.stringMatching(/^The certificate of localhost is not trusted: /) },
      { status: 'ok', found: expect.stringMatching(/^HTTP\/1\.1/) },
    ])
    expect(of('server')).toMatchObject([
      { status: 'fault', found: expect.stringContaining('self-signed certificate') },
    ])
  })

  it('says that what listens there does not speak it', async () => {
    const { port } = await startServer()
    const { of } = await found(`https://127.0.0.1:${port}`)
    expect(of('transport')).toMatchObject([
      { status: 'fault', found: 'No TLS connection: wrong version number.' },
    ])
  })
})
