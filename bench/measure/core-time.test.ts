import { describe, expect, it } from 'vitest'
import { coreTimeOf } from './core-time.ts'

describe.skipIf(process.platform !== 'linux')('what a thread did with its core (read from /proc)', () => {
  it('grows while it is busy', () => {
    const before = coreTimeOf(process.pid)
    const until = process.cpuUsage().user + 100_000
    while (process.cpuUsage().user < until);
    const after = coreTimeOf(process.pid)
    expect(after.busy - before.busy).toBeGreaterThan(20e6)
    expect(after.waiting).toBeGreaterThanOrEqual(before.waiting)
  })

  it('can not be told of a process that is not there', () => {
    expect(() => coreTimeOf(2 ** 30)).toThrow('ENOENT')
  })
})
