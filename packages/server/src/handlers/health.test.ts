import { health, status } from '@colloquy/contract'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { echo, startServer } from '../server.fixture.js'

/** A server whose chat interface is healthy when it starts, and then what it is told to be. */
async function startWithHealth(report: () => unknown) {
  const clock = createManualClock()
  const asked = { times: 0, first: Promise.withResolvers<void>() }
  const chat = { name: 'shop', reply: echo as never, health: () => ({}) }
  const server = await startServer(chat, { manager: { clock } })
  chat.health = () => {
    asked.times += 1
    asked.first.resolve()
    return report() as never
  }
  const get = async (path: string) => {
    const response = await fetch(server.url + path)
    return { status: response.status, body: await response.json() }
  }
  return { ...server, clock, asked, get }
}

describe('the health of a component that does not answer', () => {
  it('is bad after its time, holds up no other probe, and is not asked for again', async () => {
    const { clock, asked, get } = await startWithHealth(() => new Promise(() => {}))
    const first = get('/health')
    await asked.first.promise
    await clock.advance(5_000)
    const answer = await first
    expect(answer.status).toBe(503)
    expect(health.parse(answer.body).components['chat']).toEqual({
      status: 'unhealthy',
      detail: 'no answer within 5000 ms',
      latency_ms: 5_000,
    })
    await clock.advance(1_000)
    // The clock stands still: these are answered without waiting.
    for (let n = 0; n < 10; n += 1) expect((await get('/health')).status).toBe(503)
    expect(await get('/health/live')).toMatchObject({ status: 200 })
    expect(await get('/health/ready')).toMatchObject({ status: 200 })
    const { body } = await get('/api/v1/status')
    expect(status.parse(body)).toMatchObject({ ready: true, components: { chat: { status: 'unhealthy' } } })
    expect(asked.times).toBe(1)
  })
})

describe('health', () => {
  it('is asked for once a second, however many probes come, and is the same in the status', async () => {
    const { clock, asked, get } = await startWithHealth(() => ({
      model: { status: 'degraded', detail: `asked ${asked.times} times` },
    }))
    const answers = await Promise.all(Array.from({ length: 20 }, () => get('/health')))
    expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200))
    expect(asked.times).toBe(1)
    const { body } = await get('/api/v1/status')
    expect(status.parse(body)).toMatchObject({
      ready: true,
      components: { chat: { status: 'degraded' }, model: { detail: 'asked 1 times' } },
    })
    await clock.advance(1_000)
    expect(health.parse((await get('/health')).body).components['model']).toMatchObject({
      detail: 'asked 2 times',
    })
  })

  it('of names and details that are too long is cut, and names that mean something to objects are only names', async () => {
    const { get } = await startWithHealth(() =>
      JSON.parse(
        `{"__proto__":{"status":"unhealthy"},"constructor":{"status":"healthy"},"disk":{"status":"degraded","detail":"${'x'.repeat(10_000)}"}}`,
      ),
    )
    const answer = await get('/health')
    expect(answer.status).toBe(503)
    const { components } = health.parse(answer.body)
    expect(Object.keys(components)).toEqual(expect.arrayContaining(['store', 'chat', 'constructor', 'disk']))
    expect(components['disk']?.detail).toHaveLength(200)
    expect(components['chat']?.status).toBe('unhealthy')
  })
})
