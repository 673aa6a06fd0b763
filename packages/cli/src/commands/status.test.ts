import { describe, expect, it } from 'vitest'
import { runMain } from '../run-main.fixture.js'
import { startSessionServer } from '../session-server.fixture.js'

describe('colloquy status', () => {
  it('shows what the server is and does', async () => {
    const { url, addSession, addBusySession } = await startSessionServer()
    await addSession('Hello')
    await addBusySession()
    const { exitCode, stdout, stderr } = await runMain(['status', '--url', url])
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const [facts = '', components = ''] = stdout.split('\n\n')
    expect(facts.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
      ['server', expect.stringMatching(/^colloquy \d+\.\d+\.\d+$/)],
      ['address', url],
      ['ready', 'yes'],
      ['up for', expect.stringMatching(/^\d+ s$/)],
      ['answers', 'echo (1 function)'],
      ['sessions', '2'],
      ['turns', '1 running, 0 queued'],
      ['store', 'memory'],
      ['process', expect.stringMatching(/^pid \d+, \d+ MiB, Node v\d/)],
    ])
    expect(components).toMatch(/^COMPONENT +STATUS/)
    expect(components).toMatch(/\nstore +healthy /)
  })

  it('names all chats where there are several', async () => {
    const { url } = await startSessionServer({ chats: ['shop', 'help'] })
    expect((await runMain(['status', '--url', url])).stdout).toMatch(/^answers +shop, help$/m)
  })

  it('prints JSON as the API gives it', async () => {
    const { url } = await startSessionServer()
    const { stdout } = await runMain(['status', '--url', url, '--json'])
    const answer = (await (await fetch(`${url}/api/v1/status`)).json()) as object
    expect(Object.keys(JSON.parse(stdout) as object)).toEqual(Object.keys(answer))
  })

  it('sends the key of COLLOQUY_API_KEY, and ends with 4 without it', async () => {
    const { url } = await startSessionServer({ apiKey: 'clq_right' })
    const status = (env: Record<string, string>) =>
      runMain(['status'], { env: { COLLOQUY_URL: url, ...env } })
    expect((await status({ COLLOQUY_API_KEY: 'clq_right' })).exitCode).toBe(0)
    const without = await status({})
    expect(without.exitCode).toBe(4)
    expect(without.stderr).toMatch(/None was sent: put yours into the variable COLLOQUY_API_KEY\.\n$/)
    const wrong = await status({ COLLOQUY_API_KEY: 'clq_wrong' })
    expect(wrong.exitCode).toBe(4)
    expect(wrong.stderr).toContain(`The key in COLLOQUY_API_KEY is none of those that ${url} knows.\n`)
    expect(wrong.stderr).not.toContain('clq_wrong')
  })
})
