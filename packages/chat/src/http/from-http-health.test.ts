import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { fromHttp } from './index.js'
import { answerWith, startService } from './running-service.fixture.js'

const headers = { Authorization: 'Bearer hunter2' }

describe('the health of a service', () => {
  it('is not told without a health URL', () => {
    expect(fromHttp({ url: 'http://localhost/' })).not.toHaveProperty('health')
    expect(fromHttp({ url: 'http://localhost/' }).name).toBe('http')
    expect(fromHttp({ url: 'http://localhost/', name: 'shop' }).name).toBe('shop')
  })

  it('is good while it answers with 2xx, and bad with all else, redirects among it', async () => {
    let status = 204
    const { url } = await startService((request) =>
      answerWith('text/plain', status === 204 ? '' : 'my diary', status)(request),
    )
    const chat = fromHttp({ url, healthUrl: new URL('/health', url) })
    expect(await chat.health?.()).toEqual({ service: { status: 'healthy' } })
    for (status of [200, 299]) expect(await chat.health?.()).toEqual({ service: { status: 'healthy' } })
    for (status of [302, 404, 500]) {
      expect(await chat.health?.()).toEqual({
        service: { status: 'unhealthy', detail: `answered ${status}` },
      })
    }
  })

  it('is asked for with the headers where it is at the same origin, and without them elsewhere', async () => {
    const service = await startService(answerWith('text/plain', 'ok'))
    const elsewhere = await startService(answerWith('text/plain', 'ok'))
    await fromHttp({ url: service.url, headers, healthUrl: `${service.url}/health` }).health?.()
    await fromHttp({ url: service.url, headers, healthUrl: elsewhere.url }).health?.()
    const { req } = await service.next()
    expect(req.method).toBe('GET')
    expect(req.url).toBe('/chat/health')
    expect(req.headers.authorization).toBe('Bearer hunter2')
    expect((await elsewhere.next()).req.headers).not.toHaveProperty('authorization')
  })

  it('is bad where nobody answers in time, or at all, by the code of what went wrong', async () => {
    const clock = createManualClock()
    const service = await startService(() => {})
    const health = fromHttp({ url: service.url, healthUrl: service.url, clock }).health?.()
    await service.next()
    await clock.advance(4_000)
    const late = { status: 'unhealthy', detail: 'no answer within 4000 ms' }
    expect(await health).toEqual({ service: late })
    expect(clock.timers).toBe(0)
    const fetch = async () => {
      throw Object.assign(new Error('hunter2'), { code: 'ECONNREFUSED' })
    }
    const refused = fromHttp({ url: service.url, healthUrl: service.url, fetch })
    expect(await refused.health?.()).toEqual({ service: { status: 'unhealthy', detail: 'ECONNREFUSED' } })
  })
})
