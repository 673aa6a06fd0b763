import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { endOf, readAll, readUntil, serve, textOf, turnSpeaking } from './served.fixture.js'

const example = (path: string) => fileURLToPath(new URL(`../../../../examples/${path}`, import.meta.url))
const hasPython = spawnSync('python3', ['--version']).status === 0
const { PATH = '' } = process.env

/** The processes that a process has started. */
function childrenOf(pid: number | undefined): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').split(' ').filter(Boolean).map(Number)
}

/** Waits until there is no such process; one that was killed is there until it has been waited for. */
async function gone(pid: number): Promise<void> {
  const isAlive = () => {
    try {
      return process.kill(pid, 0)
    } catch {
      return false
    }
  }
  while (isAlive()) await new Promise((resolve) => setImmediate(resolve))
}

/** A message that takes the bot a while to say. */
const long = Array.from({ length: 500 }, (_, n) => `word${n}`).join(' ')

describe.skipIf(!hasPython)('a bot in Python (skipped where there is no python3)', () => {
  const start = () => serve([example('python-bot/bot.py')], { PATH })

  it('answers with streams, and remembers', async () => {
    const { client } = await start()
    const events = await readAll(client.stream('Hello from Python'))
    expect(textOf(events).trim()).toBe('Message 1: Hello from Python')
    expect(events.filter(({ type }) => type === 'text.delta').length).toBeGreaterThan(3)
    const { session_id } = endOf(events)
    expect((await client.send({ session_id, message: 'again' })).content.trim()).toBe('Message 2: again')
    const { chat } = await client.status()
    expect(chat.name).toBe('python-bot')
  })

  it('stops when it is told to, and keeps what it has said', async () => {
    const { client } = await start()
    const { session_id } = await client.sessions.create()
    const stream = client.stream({ session_id, message: long })
    const turn_id = await turnSpeaking(stream)
    await client.session(session_id).turns.cancel(turn_id)
    const events = await readAll(client.session(session_id).turns.events(turn_id))
    expect(events.at(-1)).toMatchObject({ type: 'turn.cancelled', data: { content: textOf(events) } })
    expect(textOf(events)).not.toContain('word499')
    expect((await client.send({ session_id, message: 'and now?' })).content).toContain('and now?')
  })

  it('that is killed in mid-turn fails that turn with chat_failed, and answers the next', async () => {
    const { client, child } = await start()
    const { session_id } = await client.sessions.create()
    const pids = childrenOf(child.pid)
    expect(pids).toHaveLength(1)
    let killed = false
    const events = await readUntil(client.stream({ session_id, message: long }), ({ type }) => {
      if (type === 'text.delta' && !killed) {
        killed = true
        process.kill(pids[0] ?? 0, 'SIGKILL')
      }
      return type === 'turn.failed'
    })
    expect(events.at(-1)).toMatchObject({ type: 'turn.failed', data: { code: 'chat_failed' } })
    expect(textOf(events)).toContain('Message')
    expect((await client.send({ session_id, message: 'still there?' })).content).toContain('still there?')
    expect(childrenOf(child.pid)).not.toEqual(pids)
  })

  it('ends with the server', async () => {
    const { child, ended } = await start()
    const [pid = 0] = childrenOf(child.pid)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })
})

describe('a bot in bash', () => {
  it('answers with streams', async () => {
    const { client } = await serve([example('bash-bot/bot.sh')], { PATH })
    expect((await client.send('Hello from bash')).content).toContain('Hello from bash')
  })
})

describe('a program that ends neither with its stdin nor by SIGTERM', () => {
  const script = `trap '' TERM; read -r line; echo '{"type":"ready"}'; while :; do sleep 1000; done`
  const start = async () => {
    const served = await serve([`process:${script}`], { PATH })
    const pids = childrenOf(served.child.pid)
    expect(pids).toHaveLength(1)
    return { ...served, pid: pids[0] ?? 0 }
  }

  it('is ended by SIGKILL, and the server ends in time', async () => {
    const { child, ended, pid, lines } = await start()
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    expect(lines.filter(({ level }) => Number(level) > 30)).toEqual([])
  })

  it('ends with a server that ends at once', async () => {
    const { child, ended, pid, logged } = await start()
    child.kill('SIGTERM')
    await logged(({ signal }) => signal === 'SIGTERM')
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 143 })
    await gone(pid)
  })
})

describe('a command that answers', () => {
  it('gets the message on stdin, and what it prints is the answer', async () => {
    const { client } = await serve(['--exec', 'tr a-z A-Z'], { PATH })
    expect((await client.send('Hello, 🪑!')).content).toBe('HELLO, 🪑!')
  })

  it('fails its turn when it ends with another code than 0, and says so in the log', async () => {
    const { client, logged } = await serve(['--exec', 'echo a secret >&2; exit 3'], { PATH })
    await expect(client.send('Hello')).rejects.toMatchObject({ code: 'chat_failed', status: 500 })
    await logged(({ msg }) => msg === 'turn failed')
  })

  it('is ended when its turn is stopped', async () => {
    const { client, child } = await serve(['--exec', 'echo started; exec sleep 1000'], { PATH })
    const { session_id } = await client.sessions.create()
    const stream = client.stream({ session_id, message: 'go' })
    const turn_id = await turnSpeaking(stream)
    expect(childrenOf(child.pid)).toHaveLength(1)
    await client.session(session_id).turns.cancel(turn_id)
    const events = await readAll(client.session(session_id).turns.events(turn_id))
    expect(events.at(-1)).toMatchObject({ type: 'turn.cancelled' })
    while (childrenOf(child.pid).length > 0) await new Promise((resolve) => setImmediate(resolve))
  })
})
