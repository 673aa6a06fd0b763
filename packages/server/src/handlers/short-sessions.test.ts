import { Agent, request } from 'node:http'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { createManualClock } from '@colloquy/session/testing'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { echo, startServer, type TestServer } from '../server.fixture.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What is in use after a garbage collection, in bytes. */
async function held(): Promise<number> {
  for (let n = 0; n < 3; n += 1) {
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
  }
  const { heapUsed, external } = process.memoryUsage()
  return heapUsed + external
}

/** Does something so many times, sixteen at once. */
async function manyTimes(count: number, deed: () => Promise<unknown>): Promise<void> {
  let left = count
  const work = async () => {
    while (left > 0) {
      left -= 1
      await deed()
    }
  }
  await Promise.all(Array.from({ length: 16 }, work))
}

/** Asks over a connection that is kept; resolves with the status and the session. */
function ask(server: TestServer, agent: Agent, method: string, path: string, body = '') {
  return new Promise<{ status: number; sessionId: string }>((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json', 'Content-Length': body.length }
    request({ agent, port: server.port, host: '127.0.0.1', method, path, headers }, (res) => {
      const sessionId = String(res.headers['x-session-id'])
      res.resume().once('end', () => resolve({ status: res.statusCode ?? 0, sessionId }))
    })
      .once('error', reject)
      .end(body)
  })
}

it('fifty thousand short sessions, deleted and expired, leave the memory as it was', {
  timeout: 60_000,
}, async () => {
  const clock = createManualClock()
  const server = await startServer(echo, {
    manager: { clock, limits: { sessionTtlMs: 1_000 } },
    serve: { logger: pino({ enabled: false }) },
  })
  const { sessions } = server.manager
  const agent = new Agent({ keepAlive: true, maxSockets: 16 })

  const overHttp = async (isDeleted: boolean) => {
    const { status, sessionId } = await ask(server, agent, 'POST', '/api/v1/chat', '{"message":"hi"}')
    expect(status).toBe(200)
    if (!isDeleted) return
    expect((await ask(server, agent, 'DELETE', `/api/v1/sessions/${sessionId}`)).status).toBe(204)
  }
  const byManager = async (isDeleted: boolean) => {
    const turn = await server.manager.startTurn({ message: 'hi' })
    await turn.ended
    if (isDeleted) await sessions.delete(turn.sessionId)
  }
  const round = async (count: number) => {
    await manyTimes(count / 10, () => overHttp(true))
    await manyTimes(count / 10, () => overHttp(false))
    await manyTimes((4 * count) / 10, () => byManager(true))
    await manyTimes((4 * count) / 10, () => byManager(false))
    expect((await server.manager.status()).sessionCount).toBe(count / 2)
    // All expire, and the sweeps collect them: fifty in a tick.
    for (let n = 0; n < 10; n += 1) await clock.advance(10_000)
    for (let n = 0; n < count / 50; n += 1) await new Promise((resolve) => setImmediate(resolve))
    expect((await server.manager.status()).sessionCount).toBe(0)
    server.lines.length = 0
  }
  await round(5_000)
  const before = await held()
  await round(50_000)
  const grown = (await held()) - before
  agent.destroy()
  expect(grown).toBeLessThan(50_000 * 40) // not even the id of each session
})
