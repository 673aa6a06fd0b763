import { join } from 'node:path'
import type { Bench, Workload } from '../bench.ts'
import { tokenCount } from '../chats/many-tokens.ts'
import { askOnce } from '../load/ask.ts'
import { createSessions } from '../load/create-sessions.ts'
import { encodeGet, postEncoder } from '../load/encode-request.ts'
import { readFrames } from '../load/read-frames.ts'
import { measureStreams } from '../load/streams.ts'
import { inRounds } from '../measure/rounds.ts'
import { compare, type Row } from '../report/row.ts'
import type { MeasuredServer } from '../servers/measured-server.ts'
import { type Servers, withServers } from '../servers/with-servers.ts'

const events = tokenCount + 2
const atOnce = 4

/** Reading again what a long turn said. */
export const resume: Workload = {
  name: 'resume',
  about: `reading the ${events} events of a finished turn again`,
  async run(bench) {
    const options = { chat: 'many-tokens', rawFlags: ['--record'] } as const
    const flags = ['--store', `sqlite:${join(bench.folder, 'resume.db')}`]
    return [
      ...(await withServers(bench, options, (servers) =>
        rowsOf(bench, servers, `resume of ${events} events`),
      )),
      ...(await withServers(bench, { ...options, flags }, (servers) =>
        rowsOf(bench, servers, `resume of ${events} events, SQLite`),
      )),
    ]
  },
}

async function rowsOf(bench: Bench, servers: Servers, called: string): Promise<Row[]> {
  const turns = { ours: await longTurn(bench, servers.ours), raw: await longTurn(bench, servers.raw) }
  const loadOf = ({ port, side }: MeasuredServer, each: number) => {
    const { path, tokens } = turns[side]
    return { requestOf: () => encodeGet(port, path), atOnce, each, tokens }
  }
  for (const server of [servers.ours, servers.raw]) {
    await measureStreams({ ...bench, profiles: null }, server, loadOf(server, bench.size(5, 1)))
  }
  const pair = await inRounds(bench, called, servers, (server) =>
    measureStreams(bench, server, loadOf(server, bench.size(5, 1))),
  )
  const cpu = { what: `${called}, ${atOnce} at once, CPU per thousand events`, unit: 'µs' } as const
  return [
    compare(cpu, pair, ({ cpuPerToken }) => cpuPerToken * 1_000),
    compare({ what: `${called}, first event p99`, unit: 'ms' }, pair, ({ firstP99 }) => firstP99),
  ]
}

/** Lets a long turn be said, whole, and tells where its events are. */
async function longTurn(bench: Bench, { port }: MeasuredServer) {
  const [sessionId = ''] = await createSessions(bench, port, 1)
  const request = postEncoder(
    port,
    '/api/v1/chat',
  )(`{"message":"Say it.","stream":true,"session_id":"${sessionId}"}`)
  const { head, body } = await askOnce(port, request)
  const turnId = /\r\nx-turn-id: (\S+)/i.exec(head)?.[1] ?? ''
  const tokens = readFrames(body)
    .filter(({ type }) => type === 'text.delta')
    .map(({ data }) => String(data['text']))
  if (tokens.length !== tokenCount) bench.faults.add(`a turn of ${tokens.length} tokens, not ${tokenCount}`)
  return { path: `/api/v1/sessions/${sessionId}/turns/${turnId}/events`, tokens }
}
