import { once } from 'node:events'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type ChildOptions, startChild } from './start-child.js'

/** Starts a program of Node; what it writes is collected. */
function start(program: string, options: Partial<ChildOptions> = {}) {
  const errors: string[] = []
  const child = startChild({
    command: process.execPath,
    args: ['-e', program],
    onStderr: (line) => errors.push(line),
    ...options,
  })
  let output = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
  return { child, errors, output: () => output }
}

/** Whether there is such a process. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until there is none any more; one that was killed is there until its parent has looked. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setImmediate(resolve))
}

/** Lets everything run in this process that is ready to. */
const settled = () => new Promise((resolve) => setImmediate(resolve))

/** Lets time pass, until it is told to stop: a second each time that everything has run. */
function passing(clock: ReturnType<typeof createManualClock>): () => void {
  let isPassing = true
  const pass = async () => {
    while (isPassing) {
      await settled()
      await clock.advance(1_000)
    }
  }
  void pass()
  return () => (isPassing = false)
}

describe('a program that was started', () => {
  it('reads what it is told, and tells of its end when all that it wrote has been read', async () => {
    const { child, output } = start(
      'process.stdin.on("data", (d) => process.stdout.write(d)); process.stdin.on("end", () => process.exitCode = 7)',
    )
    child.stdin.end('hello')
    expect(await child.ended).toEqual({ code: 7, signal: null })
    expect(output()).toBe('hello')
    expect(child.hasEnded).toBe(true)
  })

  it('has its errors told by the line, long ones cut', async () => {
    const { child, errors } = start('process.stderr.write("one\\r\\ntwo\\n" + "x".repeat(10000) + "\\nlast")')
    await child.ended
    expect(errors).toEqual(['one', 'two', 'x'.repeat(8_192), 'last'])
  })

  it('that is not there ends with the reason', async () => {
    const { child } = start('', { command: '/no/such/program' })
    expect(await child.ended).toMatchObject({ code: null, signal: null, error: { code: 'ENOENT' } })
    child.stdin.write('to nobody')
    expect(await child.end()).toMatchObject({ error: { code: 'ENOENT' } })
  })

  it('is started in a folder, with an environment, or by a shell', async () => {
    const folder = start('process.stdout.write(process.cwd() + " " + process.env.WHO)', {
      cwd: '/',
      env: { WHO: 'me' },
    })
    await folder.child.ended
    expect(folder.output()).toBe('/ me')
    const shell = start('', { command: 'printf abc | tr a-c A-C', args: [], shell: true })
    await shell.child.ended
    expect(shell.output()).toBe('ABC')
  })

  it('survives a stdin that it does not read', async () => {
    const { child } = start('process.stdin.destroy(); setTimeout(() => {}, 50)')
    for (let n = 0; n < 100; n += 1) child.stdin.write('x'.repeat(10_000))
    expect(await child.ended).toEqual({ code: 0, signal: null })
  })
})

describe('a program that is to end', () => {
  const family = `
    const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, ['-e', IGNORES + 'setInterval(() => {}, 1000); console.log("ready")'], { stdio: ['ignore', 'pipe', 'ignore'] })
    child.stdout.on('data', () => console.log(child.pid))
    setInterval(() => {}, 1000)`
  const deaf = 'process.on("SIGTERM", () => {});'

  it('gets SIGTERM, and so does what it has started', async () => {
    const { child, output } = start(family.replace('IGNORES', '""'))
    await once(child.stdout, 'data')
    const grandchild = Number(output())
    expect(isAlive(grandchild)).toBe(true)
    const [first, second] = await Promise.all([child.end(), child.end()])
    expect(first).toEqual({ code: null, signal: 'SIGTERM' })
    expect(second).toBe(first)
    await gone(grandchild)
  })

  it('gets SIGKILL after the grace when it is deaf to that, with what it has started', async () => {
    const clock = createManualClock()
    const { child, output } = start(deaf + family.replace('IGNORES', JSON.stringify(deaf)), {
      clock,
      killGraceMs: 500,
    })
    await once(child.stdout, 'data')
    const end = child.end()
    await clock.advance(499)
    expect(child.hasEnded).toBe(false)
    await clock.advance(1)
    expect(await end).toEqual({ code: null, signal: 'SIGKILL' })
    await gone(Number(output()))
    expect(clock.timers).toBe(0)
  })

  it('is killed with what it has started when this process exits before; afterwards nothing listens for that', async () => {
    const before = process.listeners('exit')
    const { child, output } = start(deaf + family.replace('IGNORES', JSON.stringify(deaf)))
    const other = start('setInterval(() => {}, 1000)')
    await once(child.stdout, 'data')
    const added = process.listeners('exit').filter((listener) => !before.includes(listener))
    expect(added).toHaveLength(1)
    added[0]?.(0)
    expect(await child.ended).toEqual({ code: null, signal: 'SIGKILL' })
    expect(await other.child.ended).toEqual({ code: null, signal: 'SIGKILL' })
    await gone(Number(output()))
    expect(process.listeners('exit')).toEqual(before)
  })

  it('takes those with it that it leaves behind when it ends by itself', async () => {
    const { child, output } = start(
      family
        .replace('IGNORES', JSON.stringify(deaf))
        .replace(/setInterval[^;]*$/, 'child.stdout.once("data", () => setImmediate(() => process.exit(0)))'),
    )
    expect(await child.ended).toEqual({ code: 0, signal: null })
    await gone(Number(output()))
  })
})

describe('a program whose outputs are held open by another one, which left its group', () => {
  /** Ends what left the group, after the test. */
  const endLater = (pid: number) =>
    onTestFinished(() => {
      if (isAlive(pid)) process.kill(pid, 'SIGKILL')
    })

  /** Starts such a program, which leaves behind what runs in another group, and says something itself, last. */
  function startLeaver(left: string, says: string) {
    const clock = createManualClock()
    const program = `
      const options = { detached: true, stdio: ['ignore', 'inherit', 'inherit'] }
      console.error(require('node:child_process').spawn('/bin/sh', ['-c', ${JSON.stringify(left)}], options).pid)
      require('node:fs').writeSync(1, ${says})
      process.exit(3)`
    const args = ['-e', program]
    const child = startChild({
      command: process.execPath,
      args,
      clock,
      onStderr: (line) => endLater(Number(line)),
    })
    return { child, clock }
  }

  it('ends soon after its exit, with its code, and all that it wrote itself', async () => {
    const { child, clock } = startLeaver('exec sleep 1000', '"last"')
    let output = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text))
    while (!child.hasExited) await settled()
    expect(child.hasEnded).toBe(false)
    await clock.advance(250)
    expect(await child.ended).toEqual({ code: 3, signal: null })
    expect(output).toBe('last')
    expect(clock.timers).toBe(0)
  })

  it('also where that one goes on to write', async () => {
    const slow = startLeaver('while :; do echo more; sleep 0.01; done', '"last"')
    slow.child.stdout.resume()
    while (!slow.child.hasExited) await settled()
    await slow.clock.advance(250)
    expect(await slow.child.ended).toEqual({ code: 3, signal: null })
    const fast = startLeaver('exec cat /dev/zero', '"last"')
    fast.child.stdout.resume()
    expect(await fast.child.ended).toEqual({ code: 3, signal: null })
    expect(fast.clock.timers).toBe(0)
  })

  it('loses nothing that it wrote, however slowly that is taken', async () => {
    const { child, clock } = startLeaver('exec sleep 1000', '"x".repeat(100000)')
    const stop = passing(clock)
    while (!child.hasExited) await settled()
    for (let n = 0; n < 100; n += 1) await settled()
    let output = ''
    for await (const part of child.stdout) {
      output += String(part)
      for (let n = 0; n < 10; n += 1) await settled()
    }
    stop()
    expect(output === 'x'.repeat(100_000)).toBe(true)
    expect(await child.ended).toEqual({ code: 3, signal: null })
  })
})
