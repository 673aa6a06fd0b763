import { DatabaseSync } from 'node:sqlite'
import { expect, it } from 'vitest'
import { type Chance, createChance } from './chance.fixture.js'
import { audit } from './crash-audit.fixture.js'
import { type CrashClient, createCrashClient, together } from './crash-client.fixture.js'
import { createFacts } from './crash-facts.fixture.js'
import { createDurableServer, type DurableServer } from './durable-server.fixture.js'
import { byChance, isLongRun, seed, tell } from './long-run.fixture.js'
import { ConnectionLost, createPlainHttp, type PlainHttp } from './plain-http.fixture.js'

const kills = isLongRun ? 200 : 30

it(
  `a server that is killed ${kills} times loses nothing that it acknowledged, and leaves no ghost`,
  {
    timeout: isLongRun ? 900_000 : 180_000,
  },
  () =>
    byChance(async () => {
      const chance = createChance(seed)
      const server = await createDurableServer()
      const http = createPlainHttp(server.port)
      const facts = createFacts()
      let factsToKill = Infinity
      const onFact = () => {
        factsToKill -= 1
        if (factsToKill === 0) killSoon(server, chance)
      }
      const clients = Array.from({ length: 6 }, (_, index) =>
        createCrashClient({ name: `c${index}`, http, chance: chance.split(), facts, onFact }),
      )
      for (let killed = 0; killed < kills; killed += 1) {
        if (killed > 0 && chance.happens(0.2)) await killWhileStarting(server, chance)
        else {
          await server.start()
          factsToKill = chance.number(1, 400)
          await untilKilled(server, async () => {
            await expectNoGhost(http)
            await together(clients.map(live))
          })
          factsToKill = Infinity
        }
        await server.gone()
        http.close()
      }
      await server.start()
      await expectNoGhost(http)
      for (let open = 0; open < 2; open += 1) await together(clients.map((client) => client.takeUp()))
      const findings = await audit(http, facts, await server.calls())
      http.close()
      await server.end()
      expect(damageOf(server.file)).toEqual([{ integrity_check: 'ok' }])
      expect(findings.turns['completed']).toBeGreaterThan(kills / 2)
      expect(findings.turns['interrupted']).toBeGreaterThan(kills / 2)
      tell({ kills, calls: (await server.calls()).length, ...findings })
    }),
)

async function live(client: CrashClient): Promise<void> {
  await client.takeUp()
  await client.work()
}

/** Does something that ends when the server is killed. A connection that is lost before that is a fault. */
async function untilKilled(server: DurableServer, act: () => Promise<void>): Promise<void> {
  try {
    await act()
  } catch (error) {
    if (!(error instanceof ConnectionLost && server.isKilled())) throw error
  }
}

/** Kills the server now or in a moment: not always right after it has told something. */
function killSoon(server: DurableServer, chance: Chance): void {
  const ms = chance.number(-10, 20)
  if (ms <= 0) server.kill()
  else setTimeout(() => server.kill(), ms)
}

/** Starts the server and kills it before anybody has spoken to it: it may be closing what the last life left. */
async function killWhileStarting(server: DurableServer, chance: Chance): Promise<void> {
  setTimeout(() => server.kill(), chance.number(50, 600))
  await server.start().catch((error: unknown) => {
    if (!server.isKilled()) throw error
  })
  await server.gone()
}

/** Nothing runs or waits in a server that has just been started. */
async function expectNoGhost(http: PlainHttp): Promise<void> {
  const { body } = await http.ask('GET', '/api/v1/status')
  expect(body).toMatchObject({ turns: { running: 0, queued: 0 } })
}

function damageOf(file: string): unknown[] {
  const database = new DatabaseSync(file)
  const findings = database.prepare('PRAGMA integrity_check').all()
  database.close()
  return findings.map((finding) => ({ ...finding }))
}
