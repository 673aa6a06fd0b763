import type { Bench } from '../bench.ts'
import { Connection } from './connection.ts'
import { IdleReader } from './idle-reader.ts'

/** What makes a turn that goes on, of the chat `unending`. */
export const unendingChat = '{"message":"Say it.","stream":true}'

/** `turn.started` and one word. */
const eventsBefore = 2

/**
 * Opens readers of turns that go on and say nothing: each with a connection of its own, and a hundred at once.
 *
 * @param requestOf what a reader asks for
 */
export async function openReaders(
  bench: Pick<Bench, 'faults'>,
  port: number,
  count: number,
  requestOf: (n: number) => string,
) {
  const connections = await Connection.openMany(port, count)
  const turnPaths: string[] = []
  for (let from = 0; from < count; from += 100) {
    const opening = connections.slice(from, from + 100).map((connection, n) => {
      const { promise, resolve, reject } = Promise.withResolvers<string>()
      const onFault = (fault: string) => {
        bench.faults.add(fault)
        reject(new Error(fault))
      }
      connection.send(requestOf(from + n), new IdleReader(eventsBefore, resolve, onFault))
      return promise
    })
    turnPaths.push(...(await Promise.all(opening)))
  }
  return {
    turnPaths,
    close() {
      for (const connection of connections) connection.close()
    },
  }
}
