import { join } from 'node:path'
import type { Workload } from '../bench.ts'
import { pauseMs } from '../chats/paced-tokens.ts'
import { memoryRow } from '../report/memory-row.ts'
import type { Bar, Row } from '../report/row.ts'
import { fillStore } from '../servers/fill-store.ts'
import { withServers } from '../servers/with-servers.ts'
import { turnRows } from './json-turn.ts'
import { atOnceOf, streamRows } from './stream.ts'

/** What is to be reached: the baseline keeps what it is told in memory. */
const bar: Bar = { of: 'ratio', atMost: 4 }

/** JSON turns and streams whose sessions are in a file: a new one, and one with very many messages. */
export const sqlite: Workload = {
  name: 'sqlite',
  about: 'JSON turns and streams with sessions in a file, which is new or has very many messages',
  async run(bench) {
    const stored = bench.size(1_000_000, 2_000)
    const filled = join(bench.folder, 'filled.db')
    await fillStore(filled, stored, (messages) => bench.progress(`sqlite: ${messages} of ${stored} messages`))
    const rows: Row[] = []
    for (const [file, called] of [
      ['new.db', 'SQLite'],
      ['filled.db', `SQLite with ${stored} messages`],
    ] as const) {
      const flags = ['--store', `sqlite:${join(bench.folder, file)}`]
      await withServers(bench, { chat: 'echo', flags }, async (servers) => {
        for (const connections of [1, 16, 64]) {
          const name = `JSON turn, ${called}, c=${connections}`
          const options = { called: name, connections, requests: bench.size(5_000, 200) }
          rows.push(...(await turnRows(bench, servers, connections === 1 ? options : { ...options, bar })))
        }
        rows.push(memoryRow(`JSON turn, ${called}`, servers))
      })
      await withServers(bench, { chat: 'tokens', flags }, async (servers) => {
        for (const atOnce of atOnceOf(bench)) {
          const name = `stream, ${called}, no delay, ${atOnce} at once`
          const each = Math.ceil(bench.size(2_000, 20) / atOnce)
          rows.push(...(await streamRows(bench, servers, { called: name, atOnce, each })))
        }
      })
      await withServers(bench, { chat: 'paced-tokens', flags }, async (servers) => {
        for (const atOnce of atOnceOf(bench)) {
          const name = `stream, ${called}, ${pauseMs} ms apart, ${atOnce} at once`
          rows.push(...(await streamRows(bench, servers, { called: name, atOnce, each: 1, isPaced: true })))
        }
      })
    }
    return rows
  },
}
