import { describe, expect, it } from 'vitest'
import { chatRequest, sendRaw } from './raw-client.fixture.js'
import { startSteered } from './steered-server.fixture.js'

const mib = 1_048_576

/** Reads a stream to its end: how many characters its texts have, the numbers of its events, and the type of the last. */
async function readSlowly(socket: Awaited<ReturnType<typeof sendRaw>>) {
  let rest = ''
  let characters = 0
  let type = ''
  const seqs: number[] = []
  for await (const part of chunksOf(socket)) {
    const lines = `${rest}${part}`.split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      if (line.startsWith('id: ')) seqs.push(Number(line.slice(4)))
      else if (line.startsWith('event: ')) type = line.slice(7)
      else if (line.startsWith('data: ') && type === 'text.delta')
        characters += line.split('\\u0001').length - 1
    }
    if (type.startsWith('turn.') && type !== 'turn.started') break
  }
  return { seqs, characters, type }
}

/** What comes after the head of an answer, chunk by chunk (RFC 9112, section 7.1): a chunk may end anywhere in an event. */
async function* chunksOf(socket: Awaited<ReturnType<typeof sendRaw>>): AsyncGenerator<string> {
  let rest = ''
  let isHead = true
  for await (const part of socket.setEncoding('latin1')) {
    rest += String(part)
    const headEnd = rest.indexOf('\r\n\r\n')
    if (isHead && headEnd < 0) continue
    if (isHead) rest = rest.slice(headEnd + 4)
    isHead = false
    for (let lineEnd = rest.indexOf('\r\n'); lineEnd > 0; lineEnd = rest.indexOf('\r\n')) {
      const end = lineEnd + 2 + Number.parseInt(rest.slice(0, lineEnd), 16)
      if (rest.length < end + 2) break
      yield rest.slice(lineEnd + 2, end)
      rest = rest.slice(end + 2)
    }
  }
}

describe('clients that do not read', () => {
  it('cost the server no more than their turns, hold nobody up, and get everything when they read', async () => {
    const server = await startSteered(['--max-output-bytes', String(16 * mib)])
    await server.say('pieces 10') // so that everything is loaded that has to be
    const before = await server.held()
    // Each of these answers is 24 MiB on the wire. The store keeps next to nothing of it: it is one text again and again.
    const turns = 3
    const answer = 4 * mib
    const request = chatRequest({ message: `flood ${answer / 32_768}`, stream: true })
    const sockets = await Promise.all(Array.from({ length: turns }, () => sendRaw(server.port, request)))
    await server.logged(({ msg, events }) => msg === 'turn completed' && Number(events) > 100, turns)
    expect((await server.held()) - before).toBeLessThan(turns * 2 * mib)

    const others = await Promise.all(Array.from({ length: 50 }, () => server.say('pieces 10')))
    expect(others.every(({ content }) => content.endsWith(' 9 10'))).toBe(true)

    for (const { seqs, characters, type } of await Promise.all(sockets.map(readSlowly))) {
      expect(characters).toBe(answer)
      expect(seqs).toEqual(seqs.map((_, index) => index + 1))
      expect(type).toBe('turn.completed')
    }
    for (const { session_id } of (await server.client.sessions.list({ limit: 200 })).data)
      await server.client.session(session_id).delete()
    expect((await server.held()) - before).toBeLessThan(2 * mib)
    for (const socket of sockets) socket.destroy()
    await server.end()
  })
})
