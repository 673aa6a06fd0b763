import { describe, expect, it } from 'vitest'
import { runMain } from '../run-main.fixture.js'
import { startSessionServer } from '../session-server.fixture.js'
import { TextOutput } from '../text-output.fixture.js'

const list = (url: string, ...argv: string[]) => runMain(['sessions', 'list', '--url', url, ...argv])

describe('colloquy sessions list', () => {
  it('lists the sessions, the most recently active first, with what goes on in them', async () => {
    const { url, addSession, addBusySession } = await startSessionServer()
    const idle = await addSession('Hello', 'Hello again')
    const before = Date.now()
    await expect.poll(() => Date.now()).toBeGreaterThan(before) // those of one millisecond have no order
    const busy = await addBusySession()
    const { exitCode, stdout, stderr } = await list(url)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const [titles, first = '', second = '', ...rest] = stdout.split('\n')
    expect(titles).toMatch(/^SESSION +ACTIVE +MESSAGES +EXPIRES +TURN$/)
    expect(first).toMatch(new RegExp(`^${busy.sessionId} {2}(now|\\d s ago) +1 +running$`))
    expect(second).toMatch(new RegExp(`^${idle} {2}(now|\\d s ago) +4 {2}in (29|30) min$`))
    expect(rest).toEqual([''])
  })

  it('tells of a turn that waits', async () => {
    const { url, addBusySession, manager } = await startSessionServer()
    const { sessionId } = await addBusySession()
    await manager.startTurn({ sessionId, message: 'Hello', onBusy: 'queue' })
    expect((await list(url)).stdout).toMatch(/ running\n$/)
  })

  it('has a column of chats where there are several', async () => {
    const { url, manager } = await startSessionServer({ chats: ['shop', 'help'] })
    await manager.sessions.create({ chat: 'help' })
    const { stdout } = await list(url)
    expect(stdout).toMatch(/^SESSION .* CHAT\n.* help\n$/)
  })

  it('lists 50 of them unless it is told otherwise, and says so', async () => {
    const { url, addSession } = await startSessionServer()
    for (let count = 0; count < 51; count += 1) await addSession()
    const rows = async (...argv: string[]) => (await list(url, ...argv)).stdout.split('\n').length - 2
    expect(await rows()).toBe(50)
    expect((await list(url)).stderr).toBe('There are more: --all\n')
    expect(await rows('--limit', '3')).toBe(3)
    expect(await rows('--limit', '51')).toBe(51)
    expect((await list(url, '--all')).stderr).toBe('')
  })

  it('lists all of them over many pages, each once', async () => {
    const { url, addSession } = await startSessionServer()
    const ids = new Set<string>()
    for (let count = 0; count < 450; count += 1) ids.add(await addSession())
    const { stdout } = await list(url, '--all')
    const rows = stdout.split('\n').slice(1, -1)
    expect(rows).toHaveLength(450)
    expect(new Set(rows.map((row) => row.split(' ')[0]))).toEqual(ids)
    const json = JSON.parse((await list(url, '--all', '--json')).stdout) as { session_id: string }[]
    expect(new Set(json.map(({ session_id }) => session_id))).toEqual(ids)
    expect((JSON.parse((await list(url, '--limit', '250', '--json')).stdout) as unknown[]).length).toBe(250)
  })

  it('prints a JSON array with a line for each session, as the API gives it', async () => {
    const { url, addSession } = await startSessionServer()
    expect(await list(url, '--json')).toEqual({ exitCode: 0, stdout: '[]\n', stderr: '' })
    await addSession('Hello')
    await addSession()
    const { stdout } = await list(url, '--json')
    expect(stdout.split('\n')).toHaveLength(5)
    const answer = await fetch(`${url}/api/v1/sessions`)
    expect(JSON.parse(stdout)).toEqual(((await answer.json()) as { data: unknown }).data)
  })

  it('says on stderr that there are none', async () => {
    const { url } = await startSessionServer()
    expect(await list(url)).toEqual({
      exitCode: 0,
      stdout: '',
      stderr: `There are no sessions at ${url}.\n`,
    })
  })

  it('is coloured where it is asked to be, and plain elsewhere', async () => {
    const { url, addBusySession } = await startSessionServer()
    await addBusySession()
    const coloured = await runMain(['sessions', 'list', '--url', url], { env: { FORCE_COLOR: '1' } })
    expect(coloured.stdout).toContain('\u001b[32mrunning\u001b[39m')
    const stdout = new TextOutput({ isTTY: true })
    await runMain(['sessions', 'list', '--url', url], { env: { NO_COLOR: '1' }, stdout })
    expect(stdout.text).not.toContain('\u001b')
  })

  it.each([
    [['--limit', '0'], '--limit: "0" is not a whole number from 1. Example: --limit 10\n'],
    [['--limit', 'ten'], '--limit: "ten" is not a whole number from 1. Example: --limit 10\n'],
    [['--limit', '5', '--all'], '--limit and --all: only one of both can say how many.\n'],
    [
      ['--timeout', '0'],
      '--timeout: "0" is not a number of seconds above 0 and up to 86400. Example: --timeout 30\n',
    ],
  ])('refuses %j', async (argv, stderr) => {
    expect(await list('http://127.0.0.1:9', ...argv)).toEqual({ exitCode: 2, stdout: '', stderr })
  })
})
