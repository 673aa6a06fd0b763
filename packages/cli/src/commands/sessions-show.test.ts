import { describe, expect, it } from 'vitest'
import { runMain } from '../run-main.fixture.js'
import { startSessionServer } from '../session-server.fixture.js'

const show = (url: string, ...argv: string[]) => runMain(['sessions', 'show', '--url', url, ...argv])

describe('colloquy sessions show', () => {
  it('shows all that is known of a session', async () => {
    const { url, manager } = await startSessionServer({ chats: ['shop', 'help'] })
    const { sessionId } = await manager.sessions.create({
      chat: 'help',
      metadata: { topic: 'chairs', customer: 'nobody' },
      ttlMs: 5_400_000,
    })
    const { exitCode, stdout, stderr } = await show(url, sessionId)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    const time = String.raw`\d{4}-\d\d-\d\d \d\d:\d\d:\d\d`
    const lines = [
      `session            ${sessionId}`,
      'chat               help',
      'messages           0',
      String.raw`created            ${time} \((now|\d s ago)\)`,
      String.raw`last active        ${time} \((now|\d s ago)\)`,
      String.raw`expires            ${time} \(in 1 h\)`,
      'lives              1 h 30 min after its last turn',
      'metadata topic     chairs',
      'metadata customer  nobody',
    ]
    for (const [index, line] of stdout.trimEnd().split('\n').entries()) {
      expect(line).toMatch(new RegExp(`^${lines[index]}$`))
    }
  })

  it('shows the turn that runs, with its text so far', async () => {
    const { url, addBusySession } = await startSessionServer()
    const { sessionId, turnId } = await addBusySession()
    const { stdout } = await show(url, sessionId)
    expect(stdout).toContain('expires      not while a turn runs or waits\n')
    expect(stdout).toMatch(
      new RegExp(`\nturn         ${turnId}\n +running, begun (now|\\d s ago)\nso far       So far\n$`),
    )
  })

  it('prints JSON as the API gives it', async () => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession('Hello')
    const answer = await fetch(`${url}/api/v1/sessions/${id}`)
    expect(JSON.parse((await show(url, id, '--json')).stdout)).toEqual(await answer.json())
  })

  it.each(['sess_none', '../status', 'a b\u001b[31m'])(
    'ends with 3 where there is no session %j',
    async (id) => {
      const { url } = await startSessionServer()
      const { exitCode, stdout, stderr } = await show(url, id)
      expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' })
      expect(stderr).toMatch(
        /^There is no session ".*" at http.*; it may have expired, or belong to another key\. /,
      )
      expect(stderr).toMatch(/Those there are: colloquy sessions list\n$/)
      expect(stderr).not.toContain('\u001b')
    },
  )

  it.each(['', '.', '..'])('refuses %j, which no path can hold', async (id) => {
    const { exitCode, stderr } = await show('http://127.0.0.1:9', id)
    expect(exitCode).toBe(2)
    expect(stderr).toBe(`"${id}" is no id of a session. Those there are: colloquy sessions list\n`)
  })
})
