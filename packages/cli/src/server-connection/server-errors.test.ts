import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo, Server } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runMain } from '../run-main.fixture.js'
import { startSessionServer } from '../session-server.fixture.js'
import { spawnBin } from '../spawn-bin.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

/** Commands that ask a server in different ways: by the client, page by page, and for its document. */
const commands: readonly (readonly [name: string, argv: readonly string[]])[] = [
  ['status', ['status']],
  ['sessions list', ['sessions', 'list']],
  ['openapi', ['openapi']],
]

/** Has a server listen until the test has finished. Resolves with its host and port. */
async function addressOf(server: Server & { closeAllConnections(): void }): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** What a command says of a server that answers so. */
async function toldOf(answer: RequestListener, argv: readonly string[]) {
  const url = `http://${await addressOf(createServer(answer))}`
  const { exitCode, stdout, stderr } = await runMain([...argv, '--url', url])
  expect(stdout).toBe('')
  return { exitCode, stderr: stderr.replaceAll(url, 'URL') }
}

describe.each(commands)('what is told by colloquy %s', (_name, argv) => {
  it('of an answer that is a page of another server', async () => {
    const told = await toldOf((_request, response) => {
      response.writeHead(404, { 'Content-Type': 'text/html' }).end('<h1>secret</h1>')
    }, argv)
    expect(told.exitCode).toBe(5)
    expect(told.stderr).toMatch(/ Is there a Colloquy server at URL\?\n$/)
    expect(told.stderr).not.toContain('secret')
  })

  it('of an answer that is JSON of something else', async () => {
    const told = await toldOf((_request, response) => {
      response.writeHead(200, { 'Content-Type': 'application/json' }).end('{"a":1}')
    }, argv)
    expect(told.exitCode).toBe(5)
    expect(told.stderr).toMatch(/ Is there a Colloquy server at URL\?\n$/)
  })

  it('of a connection that is cut', async () => {
    const told = await toldOf((request) => request.socket.destroy(), argv)
    expect(told.exitCode).toBe(5)
    expect(told.stderr).toMatch(/closed the connection\. Try again, or say https:\/\/ if it speaks TLS\.\n$/)
  })

  it('of a server that has too much to do, at once', async () => {
    let asked = 0
    const told = await toldOf((_request, response) => {
      asked += 1
      const problem = {
        type: 'urn:colloquy:problem:overloaded',
        title: 'Overloaded',
        status: 503,
        code: 'overloaded',
        detail: 'The server has as much to do as it can.',
        request_id: 'req_1',
        retry_after_seconds: 3,
      }
      const headers = { 'Content-Type': 'application/problem+json', 'Retry-After': '3' }
      response.writeHead(503, headers).end(JSON.stringify(problem))
    }, argv)
    expect(told.exitCode).toBe(1)
    expect(told.stderr).toMatch(/^The server has as much to do as it can\. Try again in 3 s\.\n$/)
    expect(asked).toBe(1)
  })

  it('of a server that does not answer', async () => {
    const told = await toldOf(() => undefined, [...argv, '--timeout', '0.1'])
    expect(told).toEqual({
      exitCode: 5,
      stderr: 'The server at URL did not answer in time. Give it longer with --timeout.\n',
    })
  })

  it('of a host that is not known, and of a port that no client asks', async () => {
    expect(await runMain([...argv, '--url', 'http://none.invalid'])).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: 'The host of http://none.invalid is not known. Choose a server with --url or COLLOQUY_URL.\n',
    })
    expect(await runMain([...argv, '--url', 'localhost:9'])).toEqual({
      exitCode: 5,
      stdout: '',
      stderr:
        'The port of http://localhost:9 belongs to another protocol: no client asks it for HTTP. Choose a server with --url or COLLOQUY_URL.\n',
    })
  })

  it('of an address that is none', async () => {
    const { exitCode, stderr } = await runMain([...argv, '--url', 'ftp://localhost'])
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^--url: "ftp:\/\/localhost" is not an http or https URL .* Example: --url http/)
  })

  it('of a Colloquy server below another path', async () => {
    const { url } = await startSessionServer()
    const { exitCode, stderr } = await runMain([...argv, '--url', `${url}/chat`])
    expect(exitCode).toBe(5)
    expect(stderr).toMatch(/ Is there a Colloquy server at http.*\/chat\?\n$/)
  })

  it('of a server that does not answer to this name', async () => {
    const { url } = await startSessionServer({ allowedHosts: ['chat.example.com'] })
    const { exitCode, stderr } = await runMain([...argv, '--url', url])
    expect(exitCode).toBe(4)
    expect(stderr).toMatch(
      / Ask it by a name that it knows, or start it with --allowed-host and this one\.\n$/,
    )
  })

  it('of a server that speaks no TLS', async () => {
    const address = await addressOf(createServer(() => undefined))
    expect(await runMain([...argv, '--url', `https://${address}`])).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: `https://${address} does not speak TLS. Say http:// in place of https://.\n`,
    })
  })
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0

// Where there is no openssl, nothing makes a certificate.
describe.skipIf(!hasOpenssl)('a certificate', () => {
  it('that nobody vouches for, or is for another host, is told with what to do', async () => {
    const cwd = writeFolder({})
    const made =
      '-x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=a.test -keyout key.pem -out cert.pem'
    spawnSync('openssl', ['req', ...made.split(' '), '-addext', 'subjectAltName=DNS:a.test'], { cwd })
    const [key, cert] = ['key.pem', 'cert.pem'].map((name) => readFileSync(join(cwd, name)))
    const url = `https://${await addressOf(createTlsServer({ key, cert }, () => undefined))}`
    expect(await runMain(['status', '--url', url])).toEqual({
      exitCode: 5,
      stdout: '',
      stderr:
        `The certificate of ${url} is not trusted (DEPTH_ZERO_SELF_SIGNED_CERT). ` +
        'If it is your own, name the file of its authority in the variable NODE_EXTRA_CA_CERTS.\n',
    })
    const trusting = spawnBin(['status', '--url', url], {
      env: { NODE_EXTRA_CA_CERTS: join(cwd, 'cert.pem') },
    })
    expect(await trusting.ended).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: `The certificate of ${url} is for another host. Use the name that it is for, with --url or COLLOQUY_URL.\n`,
    })
  })
})
