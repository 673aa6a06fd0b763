import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { closedLoop } from './load/closed-loop.ts'
import { Connection } from './load/connection.ts'
import { createSessions } from './load/create-sessions.ts'
import { jsonTurns } from './load/json-turns.ts'
import type { Counted } from './measure/count-bytes.ts'
import { Faults } from './report/faults.ts'
import { startServer } from './servers/measured-server.ts'
import { ourProgram } from './servers/program-of.ts'

/*
 * These guard what the bench measures, in bytes: a busy machine does not change them, as it does times. What is
 * allocated has to be collected; what survives a collection of the young objects has to be copied, which costs about
 * ten times as much. Much of it at once says that something is held on the way of each request that should not be, or
 * that the collector can't let go of: a Map whose entries come and go, an object with getters of its own, a generator
 * function made for each request. Messages and turns, which are kept, are a part of it.
 *
 * A bound is about one and a half times what there was when it was written (in brackets). Where a feature needs more
 * than that, say so in a decision and raise it; where something has become leaner, lower it.
 */
const turnBounds = { allocated: 20_000, surviving: 3_000 } // [13,100 and 1,900]
const requestBounds = { allocated: 62_000, surviving: 6_500 } // [40,900 and 3,500 to 4,300]

describe('of memory, with the store in memory,', () => {
  it('a turn takes no more than it should', () => {
    const program = join(import.meta.dirname, 'servers/count-turn-bytes.ts')
    const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expectWithin(JSON.parse(stdout) as Bytes, turnBounds)
  }, 60_000)

  it('a chat over HTTP takes no more than it should', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-test-'))
    onTestFinished(() => rmSync(folder, { recursive: true }))
    const program = (port: number) => ourProgram('echo', [], port)
    const server = await startServer({ side: 'ours', program, folder, cores: null, inside: true })
    const connections = await Connection.openMany(server.port, 16)
    try {
      const faults = new Faults()
      const sessions = await createSessions({ faults }, server.port, 160)
      const requests = 4_000
      const run = () =>
        closedLoop(connections, requests, jsonTurns(server.port, sessions, connections.length), faults)
      const perRequest = async (which: Counted) => {
        await server.ask(`count ${which}`)
        await run()
        const { bytes = 0 } = await server.ask('endCount')
        return Math.round(bytes / requests)
      }
      await run() // what is compiled, and what is made once
      await run()
      const surviving = []
      for (let times = 0; times < 3; times += 1) surviving.push(await perRequest('surviving'))
      // All sessions are of one length, so their lists grow in the same requests: in those, much more survives.
      expectWithin(
        { allocated: await perRequest('allocated'), surviving: Math.min(...surviving) },
        requestBounds,
      )
      expect(faults.told).toEqual([])
    } finally {
      for (const connection of connections) connection.close()
      await server.close()
    }
  }, 60_000)
})

type Bytes = Readonly<Record<Counted, number>>

/** Too little is a fault as well: then nothing was counted. */
function expectWithin(bytes: Bytes, bounds: Bytes): void {
  for (const which of ['allocated', 'surviving'] as const) {
    expect(bytes[which], `bytes ${which}`).toBeLessThanOrEqual(bounds[which])
    expect(bytes[which], `bytes ${which}`).toBeGreaterThan(bounds[which] / 10)
  }
}
