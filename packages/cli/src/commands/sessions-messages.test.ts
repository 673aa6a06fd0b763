import { describe, expect, it } from 'vitest'
import { runMain } from '../run-main.fixture.js'
import { startSessionServer } from '../session-server.fixture.js'
import { TextOutput } from '../text-output.fixture.js'

const messages = (url: string, ...argv: string[]) => runMain(['sessions', 'messages', '--url', url, ...argv])
const withoutTimes = (text: string) => text.replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')

describe('colloquy sessions messages', () => {
  it('shows who said what, and the functions that were called, each in a line', async () => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession('Hello', 'call')
    const { exitCode, stdout, stderr } = await messages(url, id)
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' })
    expect(withoutTimes(stdout)).toBe(
      [
        'user TIME',
        'Hello',
        '',
        'assistant TIME',
        'You said: Hello',
        '',
        'user TIME',
        'call',
        '',
        'assistant TIME',
        '· look({"at":"chairs"}) → ["Alva","Doris"]',
        `· look({"at":"${'x'.repeat(85)}…`,
        'You said: call',
        '',
      ].join('\n'),
    )
  })

  it('tells of a message that is not whole', async () => {
    const { url, addBusySession, manager } = await startSessionServer()
    const ref = await addBusySession()
    await manager.cancelTurn(ref)
    for await (const _ of manager.events(ref)); // to its end
    expect(withoutTimes((await messages(url, ref.sessionId)).stdout)).toBe(
      'user TIME\nhang\n\nassistant TIME, not whole\nSo far\n',
    )
  })

  it('shows the newest first when it is asked to, and no more than wanted', async () => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession('one', 'two')
    const { stdout, stderr } = await messages(url, id, '--order', 'desc', '--limit', '2')
    expect(withoutTimes(stdout)).toBe('assistant TIME\nYou said: two\n\nuser TIME\ntwo\n')
    expect(stderr).toBe('There are more: --all\n')
    expect((await messages(url, id, '--limit', '1')).stderr).toBe(
      'There are more: --all; the latest ones first: --order desc\n',
    )
  })

  it('shows all of them over many pages', async () => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession(...Array.from({ length: 130 }, (_, n) => `message ${n}`))
    const { stdout } = await messages(url, id, '--all')
    expect(stdout.match(/^message \d+$/gm)).toEqual(Array.from({ length: 130 }, (_, n) => `message ${n}`))
    expect(JSON.parse((await messages(url, id, '--all', '--json')).stdout)).toHaveLength(260)
  })

  it('prints JSON as the API gives it', async () => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession('call')
    const answer = await fetch(`${url}/api/v1/sessions/${id}/messages`)
    const { data } = (await answer.json()) as { data: unknown }
    expect(JSON.parse((await messages(url, id, '--json')).stdout)).toEqual(data)
  })

  it('lets no text tell a terminal what to do, and keeps it as it is elsewhere', async () => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession('\u001b]0;owned\u0007red')
    const stdout = new TextOutput({ isTTY: true })
    await runMain(['sessions', 'messages', '--url', url, id], { stdout, env: { NO_COLOR: '1' } })
    expect(stdout.text).toContain('\n]0;ownedred\n')
    expect(stdout.text).not.toContain('\u001b')
    expect((await messages(url, id)).stdout).toContain('\n\u001b]0;owned\u0007red\n')
  })

  it('says on stderr that nothing was said yet, and ends with 3 where there is no such session', async () => {
    const { url, addSession } = await startSessionServer()
    const none = { exitCode: 0, stdout: '', stderr: 'There are no messages in it yet.\n' }
    expect(await messages(url, await addSession())).toEqual(none)
    expect((await messages(url, 'sess_none')).exitCode).toBe(3)
  })

  it('refuses an order that there is not', async () => {
    expect(await messages('http://127.0.0.1:9', 'sess_1', '--order', 'up')).toEqual({
      exitCode: 2,
      stdout: '',
      stderr: '--order: "up" is neither asc, the oldest first, nor desc. Example: --order desc\n',
    })
  })
})
