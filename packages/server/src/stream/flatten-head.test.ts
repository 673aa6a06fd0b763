import { createServer, ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it, onTestFinished } from 'vitest'
import { exchange } from '../connections/raw-exchange.fixture.js'
import { flattenHead } from './flatten-head.js'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** What a client gets from a server that does something between the head and the body of its answer. */
async function answerWith(between: (res: ServerResponse) => void): Promise<string> {
  const server = createServer({ keepAlive: false }, (_req, res) => {
    res.sendDate = false
    res.writeHead(200, ['Content-Type', 'text/event-stream', 'X-Turn-Id', 'turn_1', 'Connection', 'close'])
    between(res)
    res.write('retry: 1000\n')
    res.end('id: 1\n\n')
  }).listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  const answer = await exchange(port, 'GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')
  return JSON.stringify([answer.status, [...answer.headers], await answer.text()])
}

/** A response whose head was put together of many pieces, as Node does it. */
function responseWithHead(number: number): ServerResponse {
  let head = 'HTTP/1.1 200 OK\r\n'
  for (let index = 0; index < 20; index += 1) head += `X-Header-${index}: ${number + index}\r\n`
  return { _header: head } as unknown as ServerResponse
}

/** How much each of many responses keeps with its head, in bytes. */
function keptByEach(count: number): number {
  collectGarbage()
  const before = process.memoryUsage().heapUsed
  const kept = Array.from({ length: count }, (_, index) => {
    const res = responseWithHead(index)
    flattenHead(res)
    return res
  })
  collectGarbage()
  return (process.memoryUsage().heapUsed - before) / kept.length
}

describe('a head that is made one text', () => {
  it('is the same to the client', async () => {
    const plain = await answerWith(() => {})
    expect(plain).toContain('turn_1')
    expect(await answerWith(flattenHead)).toBe(plain)
  })

  it('keeps no pieces, however many there were before it', () => {
    const sizes = Array.from({ length: 8 }, () => keptByEach(20_000))
    // Some 460 bytes of text; in pieces it is more than 2,000.
    expect(Math.max(...sizes)).toBeLessThan(1_000)
  })

  it('may be missing, or be no text', () => {
    for (const head of [undefined, null, 7]) {
      const res = { _header: head } as unknown as ServerResponse
      expect(() => flattenHead(res)).not.toThrow()
      expect(res).toEqual({ _header: head })
    }
    expect(() => flattenHead({} as ServerResponse)).not.toThrow()
  })

  it('is where Node keeps it: the one thing that is taken of what is its own', () => {
    const res = new ServerResponse({ method: 'GET' } as never)
    res.writeHead(200, ['X-Turn-Id', 'turn_1'])
    expect(Reflect.get(res, '_header')).toContain('X-Turn-Id: turn_1\r\n')
  })
})
