import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { tokens } from './chats/tokens.ts'
import { closedLoop } from './load/closed-loop.ts'
import { Connection } from './load/connection.ts'
import { createSessions } from './load/create-sessions.ts'
import { encodeGet, postEncoder } from './load/encode-request.ts'
import { jsonTurns } from './load/json-turns.ts'
import { openReaders, unendingChat } from './load/open-readers.ts'
import { chatStreams, measureStreams } from './load/streams.ts'
import type { Counted } from './measure/count-bytes.ts'
import { Faults } from './report/faults.ts'
import { type MeasuredServer, startServer } from './servers/measured-server.ts'
import { type ChatName, ourProgram } from './servers/program-of.ts'

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
const tokenBounds = { allocated: 3_200, surviving: 320 } // [2,100 and 180 to 190; most of it is of the generator that says them]
const sessionHeld = 540 // [360]
const readerHeld = 18_500 // [12,900; of 10,000 of them, 11,400 each]
const requestBounds = { allocated: 62_000, surviving: 6_500 } // [40,900 and 2,300 to 4,300]

describe('of memory, with the store in memory,', () => {
  it('a turn takes no more than it should', () => {
    const program = join(import.meta.dirname, 'servers/count-turn-bytes.ts')
    const { stdout, stderr } = spawnSync(process.execPath, [program], { encoding: 'utf8' })
    expect(stderr).toBe('')
    expectWithin(JSON.parse(stdout) as Bytes, turnBounds)
  }, 60_000)

  it('a chat over HTTP takes no more than it should', async () => {
    const { server, faults } = await startMeasured('echo')
    const connections = await Connection.openMany(server.port, 16)
    try {
      const sessions = await createSessions({ faults }, server.port, 160)
      const requests = 4_000
      const run = () =>
        closedLoop(connections, requests, jsonTurns(server.port, sessions, connections.length), faults)
      await run() // what is compiled, and what is made once
      await run()
      expectWithin(await bytesOf(server, run, requests), requestBounds)
      expect(faults.told).toEqual([])
    } finally {
      for (const connection of connections) connection.close()
    }
  }, 60_000)

  it('a token of a stream takes no more than it should', async () => {
    const { server, faults } = await startMeasured('tokens')
    const [atOnce, each] = [50, 10]
    const sessions = await createSessions({ faults }, server.port, atOnce)
    const load = { requestOf: chatStreams(server.port, sessions), atOnce, each, tokens }
    const run = () => measureStreams({ faults, profiles: null }, server, load)
    await run()
    await run()
    expectWithin(await bytesOf(server, run, atOnce * each * tokens.length), tokenBounds)
    expect(faults.told).toEqual([])
  }, 60_000)

  it('an idle session holds no more than it should', async () => {
    const { server, faults } = await startMeasured('echo')
    const heldBy = async (count: number) => {
      const { inUse: before = 0 } = await server.ask('memory')
      await createSessions({ faults }, server.port, count)
      const { inUse: after = 0 } = await server.ask('memory')
      return (after - before) / count
    }
    await heldBy(5_000)
    const held = await heldBy(20_000)
    expect(held).toBeLessThanOrEqual(sessionHeld)
    expect(held).toBeGreaterThan(sessionHeld / 10)
    expect(faults.told).toEqual([])
  }, 60_000)

  it('an idle reader holds no more than it should', async () => {
    const { server, faults } = await startMeasured('unending')
    const chat = postEncoder(server.port, '/api/v1/chat')(unendingChat)
    const first = await openReaders({ faults }, server.port, 100, () => chat)
    const [path = ''] = first.turnPaths
    const { inUse: before = 0 } = await server.ask('memory')
    const others = await openReaders({ faults }, server.port, 500, () => encodeGet(server.port, path))
    const { inUse: after = 0 } = await server.ask('memory')
    first.close()
    others.close()
    const held = (after - before) / 500
    expect(held).toBeLessThanOrEqual(readerHeld)
    expect(held).toBeGreaterThan(readerHeld / 10)
    expect(faults.told).toEqual([])
  }, 60_000)
})

/** Starts our server with something inside that can be asked. */
async function startMeasured(chat: ChatName) {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-test-'))
  const program = (port: number) => ourProgram(chat, [], port)
  const server = await startServer({ side: 'ours', program, folder, cores: null, inside: true })
  onTestFinished(async () => {
    await server.close()
    rmSync(folder, { recursive: true })
  })
  return { server, faults: new Faults() }
}

/** What the server needs for each of so many things that are done in a run. */
async function bytesOf(server: MeasuredServer, run: () => Promise<unknown>, count: number): Promise<Bytes> {
  const each = async (which: Counted) => {
    await server.ask(`count ${which}`)
    await run()
    const { bytes = 0 } = await server.ask('endCount')
    return Math.round(bytes / count)
  }
  const surviving = []
  for (let times = 0; times < 3; times += 1) surviving.push(await each('surviving'))
  // Where all sessions are of one length their lists grow in the same requests: in those, much more survives.
  return { allocated: await each('allocated'), surviving: Math.min(...surviving) }
}

type Bytes = Readonly<Record<Counted, number>>

/** Too little is a fault as well: then nothing was counted. */
function expectWithin(bytes: Bytes, bounds: Bytes): void {
  for (const which of ['allocated', 'surviving'] as const) {
    expect(bytes[which], `bytes ${which}`).toBeLessThanOrEqual(bounds[which])
    expect(bytes[which], `bytes ${which}`).toBeGreaterThan(bounds[which] / 10)
  }
}
