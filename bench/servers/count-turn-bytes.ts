// Prints, as JSON, how many bytes a turn of the session manager alone costs, in memory and without HTTP:
// `node bench/servers/count-turn-bytes.ts`. A process of its own, so that nothing else is counted.
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import chat from '../chats/echo.ts'
import { messageOf } from '../load/json-turns.ts'
import { type Counted, countBytes } from '../measure/count-bytes.ts'

const turns = 8_000
const sessionCount = 160
const lanes = 16

const manager = createSessionManager({
  store: createMemoryStore(),
  chat: {
    name: 'echo',
    async *reply(message) {
      yield chat(message)
    },
  },
})
await manager.start()
const sessions: string[] = []
for (let n = 0; n < sessionCount; n += 1) sessions.push((await manager.sessions.create()).sessionId)

/** Some run at the same time, each in a session of its own. */
async function run(): Promise<void> {
  const lane = async (first: number) => {
    for (let n = first; n < turns; n += lanes) {
      const sessionId = sessions[n % sessionCount] ?? ''
      const turn = await manager.startTurn({ message: messageOf(n), sessionId })
      await turn.ended
    }
  }
  await Promise.all(Array.from({ length: lanes }, (_, n) => lane(n)))
}

async function perTurn(which: Counted): Promise<number> {
  const count = await countBytes(which)
  await run()
  return Math.round((await count.end()) / turns)
}

await run() // what is compiled, and what is made once
const bytes = { allocated: await perTurn('allocated'), surviving: await perTurn('surviving') }
process.stdout.write(`${JSON.stringify(bytes)}\n`)
await manager.close()
