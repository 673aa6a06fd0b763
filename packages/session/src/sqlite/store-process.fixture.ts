import { createSqliteStore } from './index.js'

/** A process that opens the store at a path and does what it is told: one call after the other, each answered. */
const store = createSqliteStore({ path: process.argv[2] ?? '' })
const methods = new Map<string, (...args: readonly unknown[]) => Promise<unknown>>(
  Object.entries({
    open: () => store.open(),
    close: () => store.close(),
    getSession: store.getSession.bind(store),
    createSession: store.createSession.bind(store),
    acceptTurn: store.acceptTurn.bind(store),
    writeTurns: store.writeTurns.bind(store),
  }).map(([name, method]) => [name, method as (...args: readonly unknown[]) => Promise<unknown>]),
)

process.on('message', ({ id, call, args }: { id: number; call: string; args: readonly unknown[] }) => {
  const answer = async () => {
    try {
      return { id, result: await methods.get(call)?.(...args) }
    } catch (error) {
      return { id, error: error instanceof Error ? error.message : '' }
    }
  }
  void answer().then((message) => process.send?.(message))
})
process.on('disconnect', () => process.exit())
