import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, it, onTestFinished } from 'vitest'
import { cpuOfProcessTree, memoryOfProcessTree } from './cpu-of-process-tree.ts'

// Is busy on its main thread, and tells how long it was on a processor as Node counts it, in milliseconds.
const busy = `
  const until = process.cpuUsage().user + 200_000
  while (process.cpuUsage().user < until);
  const { user, system } = process.cpuUsage()
  process.send((user + system) / 1_000)
  process.on('message', () => process.exit())
`
const parent = `
  const { spawn } = require('node:child_process')
  const child = spawn(process.execPath, ['--eval', process.argv[1]], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  child.once('message', (ms) => process.send(ms))
  process.on('message', () => child.send('end'))
  child.once('exit', () => process.send('ended'))
`

function start(...args: readonly string[]): ChildProcess & { readonly pid: number } {
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  if (child.pid === undefined) throw new Error('no process')
  return Object.assign(child, { pid: child.pid })
}

describe.skipIf(process.platform !== 'linux')('the CPU time of a process (read from /proc)', () => {
  it('is what the process was busy', async () => {
    const child = start('--eval', busy)
    const [ms] = (await once(child, 'message')) as [number]
    expect(cpuOfProcessTree(child.pid) / 1e6).toBeGreaterThan(ms - 20)
    expect(cpuOfProcessTree(child.pid) / 1e6).toBeLessThan(ms * 2)
  })

  it('is that of its children, too, while they run and when they have ended', async () => {
    const child = start('--eval', parent, busy)
    const [ms] = (await once(child, 'message')) as [number]
    expect(cpuOfProcessTree(child.pid) / 1e6).toBeGreaterThan(ms - 20)
    child.send('end')
    await once(child, 'message')
    expect(cpuOfProcessTree(child.pid) / 1e6).toBeGreaterThan(ms - 20)
  })

  it('fails for a process that is not there', () => {
    expect(() => cpuOfProcessTree(2 ** 30)).toThrow('ENOENT')
  })
})

describe.skipIf(process.platform !== 'linux')('the memory of a process (read from /proc)', () => {
  it('is what it has in use', () => {
    const ours = memoryOfProcessTree(process.pid)
    expect(ours).toBeGreaterThan(20e6)
    expect(ours).toBeGreaterThan(process.memoryUsage.rss() / 2)
  })
})
