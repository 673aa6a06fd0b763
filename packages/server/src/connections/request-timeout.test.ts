import { once } from 'node:events'
import { connect } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { echo, gate, startServer } from '../server.fixture.js'

/** Sends the beginning of a request, and returns everything that comes back until the connection is closed. */
async function answerTo(port: number, begun: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  onTestFinished(() => void socket.destroy())
  socket.write(begun)
  let answer = ''
  socket.on('data', (bytes) => {
    answer += String(bytes)
  })
  await once(socket, 'close')
  return answer
}

describe('a request that does not arrive in time', () => {
  const post = 'POST /api/v1/chat HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n'

  it.each([
    ['within its headers', post],
    ['before its body', `${post}Content-Length: 100\r\n\r\n`],
    ['within its body', `${post}Content-Length: 100\r\n\r\n{"message":`],
    ['within a body in chunks', `${post}Transfer-Encoding: chunked\r\n\r\n5\r\n{"mes`],
  ])('%s is answered with a problem', async (_where, begun) => {
    const { port, lines } = await startServer(echo, { serve: { requestTimeoutMs: 100 } })
    const answer = await answerTo(port, begun)
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
    expect(answer).toContain('"code":"request_timeout"')
    expect(lines.every(({ level }) => Number(level) <= 30)).toBe(true)
  })

  it('is answered on the port of the metrics as well', async () => {
    const { metricsPort } = await startServer(echo, { serve: { requestTimeoutMs: 100, metricsPort: 0 } })
    expect(await answerTo(Number(metricsPort), 'GET /metrics HTTP/1.1\r\nHo')).toMatch(/^HTTP\/1\.1 408 /)
  })

  it('is no answer that takes its time', async () => {
    const { opened, open } = gate()
    const { post, port } = await startServer(
      async function* () {
        yield 'before '
        await opened
        yield 'after'
      },
      { serve: { requestTimeoutMs: 100 } },
    )
    const stream = await post('/api/v1/chat', { message: 'Hello', stream: true })
    const whole = post('/api/v1/chat', { message: 'Hello' })
    // Another one is timed out meanwhile: so these have had more time than that.
    await answerTo(port, 'GET /health HTTP/1.1\r\n')
    open()
    expect(await stream.text()).toContain('"content":"before after"')
    expect((await whole).status).toBe(200)
  })
})
