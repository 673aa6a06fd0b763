import { describe, expect, it } from 'vitest'
import { runMain, startMain, terminal } from '../run-main.fixture.js'
import { startSessionServer } from '../session-server.fixture.js'
import { TextOutput } from '../text-output.fixture.js'

const remove = (url: string, ...argv: string[]) => runMain(['sessions', 'delete', '--url', url, ...argv])

async function idsAt(url: string): Promise<readonly string[]> {
  const { stdout } = await runMain(['sessions', 'list', '--url', url, '--all', '--json'])
  return (JSON.parse(stdout) as { session_id: string }[]).map(({ session_id }) => session_id)
}

/** Is asked on a terminal, and answers. */
async function asked(argv: readonly string[], answer: string) {
  const { stdin } = terminal()
  const stderr = new TextOutput({ isTTY: true })
  const { ended } = startMain(['sessions', 'delete', ...argv], { stdin, stderr })
  await stderr.until((text) => text.includes('[y/N]'))
  stdin.write(`${answer}\n`)
  return ended
}

describe('colloquy sessions delete, with ids', () => {
  it('deletes them at the server, and no other', async () => {
    const { url, addSession } = await startSessionServer()
    const [one, two, three] = [await addSession(), await addSession('Hello'), await addSession()]
    expect(await remove(url, one, three, one, '--yes')).toEqual({
      exitCode: 0,
      stdout: 'Deleted 2 sessions.\n',
      stderr: '',
    })
    expect(await idsAt(url)).toEqual([two])
    expect((await remove(url, two, '--yes', '--json')).stdout).toBe('{"deleted":1}\n')
  })

  it('asks first on a terminal, and says what would go', async () => {
    const { url, addSession } = await startSessionServer()
    const [one, two] = [await addSession('Hello'), await addSession()]
    const no = await asked([one, '--url', url], 'n')
    expect(no).toMatchObject({ exitCode: 0, stdout: 'Nothing was deleted.\n' })
    expect(no.stderr).toMatch(
      new RegExp(
        `Delete the session ${one} \\(2 messages, last active (now|\\d s ago)\\) at ${url}\\? \\[y/N\\]`,
      ),
    )
    const yes = await asked([one, two, '--url', url], 'y')
    expect(yes.stderr).toContain(`Delete 2 sessions at ${url}? [y/N]`)
    expect(yes.stdout).toBe('Deleted 2 sessions.\n')
    expect(await idsAt(url)).toEqual([])
  })

  it('says that a turn runs in the session that would go', async () => {
    const { url, addBusySession } = await startSessionServer()
    const { sessionId } = await addBusySession()
    const { stderr } = await asked([sessionId, '--url', url], 'y')
    expect(stderr).toMatch(/ \(1 message, last active (now|\d s ago), a turn runs\) at /)
    expect(await idsAt(url)).toEqual([])
  })

  it('deletes nothing where nobody can be asked, unless --yes says so', async () => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession()
    const { exitCode, stderr } = await remove(url, id)
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/Nobody can be asked here: say --yes\.\n$/)
    expect(await idsAt(url)).toEqual([id])
  })

  it('deletes nothing while one of them is not there, and ends with 3', async () => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession()
    const { exitCode, stderr } = await remove(url, id, 'sess_one', 'sess_two', '--yes')
    expect(exitCode).toBe(3)
    expect(stderr).toMatch(
      /^There is no session "sess_one" .*\nThere is no session "sess_two" .*\nNothing was deleted\./,
    )
    expect(stderr).toContain('Those there are: colloquy sessions list\n')
    expect(await idsAt(url)).toEqual([id])
  })

  it('takes no beginning of an id', async () => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession()
    expect((await remove(url, id.slice(0, -1), '--yes')).exitCode).toBe(3)
    expect(await idsAt(url)).toEqual([id])
  })
})

describe('colloquy sessions delete', () => {
  it.each([
    [['sess_1', '--data-dir', 'data'], 'A running server (an id) and the file of a store (--data-dir)'],
    [['sess_1', '--owner', 'web'], 'A running server (an id) and the file of a store (--owner)'],
    [['--url', 'x', '--session', 's'], 'A running server (--url) and the file of a store (--session)'],
    [
      ['--owner', 'a', '--timeout', '1', '--store', 'b'],
      '(--timeout) and the file of a store (--owner, --store)',
    ],
    [['--url', 'localhost'], 'Say which sessions.'],
    [['--data-dir', 'data'], 'Say which sessions.'],
    [[], 'Say which sessions.'],
  ])('refuses %j, and shows how both are called', async (argv, message) => {
    const { exitCode, stdout, stderr } = await runMain(['sessions', 'delete', ...argv])
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toContain(message)
    expect(stderr).toContain('\nAt a running server: colloquy sessions delete sess_')
    expect(stderr).toContain(
      '\nIn the file of a store: colloquy sessions delete --owner web-shop --data-dir data\n',
    )
  })
})
