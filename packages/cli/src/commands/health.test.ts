import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { HealthReport } from '@colloquy/session'
import { describe, expect, it, onTestFinished } from 'vitest'
import { runMain, startMain } from '../run-main.fixture.js'
import { startSessionServer } from '../session-server.fixture.js'
import { TextOutput } from '../text-output.fixture.js'

const health = (url: string, ...argv: string[]) => runMain(['health', '--url', url, ...argv])

/** A server whose component says what the test wants. */
async function serverThatIs(status: 'healthy' | 'degraded' | 'unhealthy') {
  const report: { now: HealthReport } = { now: { model: { status: 'healthy' } } }
  const server = await startSessionServer({ health: () => report.now })
  report.now = { model: { status, detail: 'as the test says' } }
  return { ...server, report }
}

/** A port that nobody listens on. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

describe('colloquy health', () => {
  it.each([
    ['healthy', [], 0],
    ['degraded', [], 0],
    ['degraded', ['--strict'], 1],
    ['unhealthy', [], 1],
  ] as const)('of a server that is %s, with %j, ends with %i', async (status, argv, exitCode) => {
    const { url } = await serverThatIs(status)
    const told = await health(url, ...argv)
    expect({ ...told, stdout: '' }).toEqual({ exitCode, stdout: '', stderr: '' })
    expect(told.stdout).toMatch(new RegExp(`^${url} is ${status}\\.\n\nCOMPONENT +STATUS +DETAIL +TOOK\n`))
    expect(told.stdout).toMatch(new RegExp(`\nmodel +${status} +as the test says +\\d+ ms\n`))
    const json = await health(url, ...argv, '--json')
    expect(json.exitCode).toBe(exitCode)
    expect(JSON.parse(json.stdout)).toMatchObject({ status, components: { model: { status } } })
  })

  it('needs no key', async () => {
    const { url } = await startSessionServer({ apiKey: 'clq_right' })
    expect((await health(url)).exitCode).toBe(0)
  })

  it('ends with 5 when no server answers', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const stderr = `No server answers at ${url}. Start one with: colloquy serve\n`
    expect(await health(url)).toEqual({ exitCode: 5, stdout: '', stderr })
    expect(await health(url, '--wait', '0.3')).toEqual({ exitCode: 5, stdout: '', stderr })
  })
})

describe('colloquy health --wait', () => {
  it('waits for a server that is yet to start, and says so on a terminal, once', async () => {
    const port = await freePort()
    const stderr = new TextOutput({ isTTY: true })
    const argv = ['health', '--url', `127.0.0.1:${port}`, '--wait', '20']
    const { ended } = startMain(argv, { stderr, env: { NO_COLOR: '1' } })
    await stderr.until((text) => text.includes('Waiting for'))
    await startSessionServer({ port })
    expect(await ended).toMatchObject({ exitCode: 0, stderr: `Waiting for http://127.0.0.1:${port} …\n` })
  })

  it('waits until it is healthy', async () => {
    const { url, report } = await serverThatIs('unhealthy')
    const stderr = new TextOutput({ isTTY: true })
    const { ended, stdout } = startMain(['health', '--url', url, '--wait', '20'], { stderr })
    await stderr.until((text) => text.includes('Waiting for'))
    expect(stdout.text).toBe('')
    report.now = { model: { status: 'healthy' } }
    expect(await ended).toMatchObject({ exitCode: 0 })
  })

  it('tells how it is when the time is over', async () => {
    const { url } = await serverThatIs('unhealthy')
    const { exitCode, stdout } = await health(url, '--wait', '0.2')
    expect(exitCode).toBe(1)
    expect(stdout).toContain(' is unhealthy.\n')
  })

  it('gives up a server that takes the question and never answers', async () => {
    const server = createServer(() => undefined).listen(0, '127.0.0.1')
    onTestFinished(() => {
      server.closeAllConnections()
      server.close()
    })
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    expect(await health(url, '--wait', '0.2')).toEqual({
      exitCode: 5,
      stdout: '',
      stderr: `The server at ${url} did not answer in time. Give it longer with --timeout.\n`,
    })
  })

  it('stops with its caller', async () => {
    const stop = new AbortController()
    const stderr = new TextOutput({ isTTY: true })
    const argv = ['health', '--url', `127.0.0.1:${await freePort()}`, '--wait', '20']
    const { ended } = startMain(argv, { stderr, signal: stop.signal })
    await stderr.until((text) => text.includes('Waiting for'))
    stop.abort()
    expect(await ended).toMatchObject({ exitCode: 130, stdout: '' })
  })

  it('refuses a time that is none', async () => {
    expect((await health('http://127.0.0.1:9', '--wait', 'soon')).stderr).toBe(
      '--wait: "soon" is not a number of seconds above 0 and up to 86400. Example: --wait 30\n',
    )
  })
})
