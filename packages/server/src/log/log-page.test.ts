import { readFileSync } from 'node:fs'
import type { ChatContext } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { exchange } from '../connections/raw-exchange.fixture.js'
import type { ServeOptions } from '../index.js'
import { type LogLine, startServer } from '../server.fixture.js'

const page = readFileSync(new URL('../../../../docs/monitoring.md', import.meta.url), 'utf8')

/** The fields that the page has in the table after these words. */
function documented(begin: string): string[] {
  const [, after = ''] = page.split(begin)
  const [table = ''] = /^\|.*?\n\n/ms.exec(after) ?? []
  const cells = table.split('\n').map((row) => row.split('|')[1] ?? '')
  return cells.flatMap((cell) => Array.from(cell.matchAll(/`(\w+)`/g), ([, name = '']) => name)).sort()
}

/** The fields that these lines have; every line has a level, a time and a message. */
function logged(lines: readonly LogLine[]): string[] {
  const names = new Set(lines.flatMap((line) => Object.keys(line)))
  return [...names].filter((name) => !['level', 'time', 'msg'].includes(name)).sort()
}

async function* chat(message: string, { signal }: ChatContext): AsyncGenerator<string> {
  yield 'half'
  if (message === 'fail') throw new Error('no model')
  if (message === 'wait') await new Promise((resolve) => signal.addEventListener('abort', resolve))
}

/** The lines of a server that has had every kind of request and of turn. */
async function linesOfEverything(): Promise<LogLine[]> {
  const authenticate: ServeOptions['authenticate'] = ({ headers }) => {
    if (headers.authorization === 'Bearer broken') throw new Error('the directory is down')
    return { owner: 'o', name: 'shop' }
  }
  const server = await startServer(chat, { serve: { authenticate } })
  const traced = { traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01' }
  await (await server.post('/api/v1/chat', { message: 'hi', stream: true }, { headers: traced })).text()
  await server.post('/api/v1/chat', { message: 'hi' })
  await server.post('/api/v1/chat', { message: 'fail' })
  const headers = { Authorization: 'Bearer broken' }
  await server.post('/api/v1/chat', { message: 'hi' }, { headers })
  await exchange(server.port, 'hello?\r\n\r\n')
  const leaving = new AbortController()
  await server.post('/api/v1/chat', { message: 'wait', stream: true }, { signal: leaving.signal })
  leaving.abort()
  await server.line(({ stream }) => stream === 'left')
  await server.close({ grace: 0 })
  await server.line(({ msg }) => msg === 'turn interrupted')
  return server.lines
}

describe('the page about monitoring', () => {
  it('has every field of the lines of requests and of turns, and no other', async () => {
    const lines = await linesOfEverything()
    const messages = (start: string) => lines.filter(({ msg }) => String(msg).startsWith(start))
    const kinds = (of: readonly LogLine[]) => [...new Set(of.map(({ msg }) => String(msg)))].sort()
    expect(kinds(messages('request '))).toEqual([
      'request answered',
      'request failed',
      'request left by its client',
      'request refused',
    ])
    expect(kinds(messages('turn '))).toEqual(['turn completed', 'turn failed', 'turn interrupted'])
    expect(documented('**One line for each request**')).toEqual(logged(messages('request ')))
    const ofTurns = logged(messages('turn ')).filter((name) => name !== 'request_id' && name !== 'trace_id')
    expect(documented('**One line for each turn**')).toEqual(ofTurns)
  })

  it('has every field of a request that got to no route', async () => {
    const refused = (await linesOfEverything()).filter(({ msg }) => msg === 'request refused')
    const [, told = ''] = /`request refused` at level info, with (.*?)\.\n/s.exec(page) ?? []
    expect(Array.from(told.matchAll(/`(\w+)`/g), ([, name = '']) => name).sort()).toEqual(logged(refused))
  })
})
