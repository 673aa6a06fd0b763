import type { ChatDescription, Health, Liveness, Readiness, Status } from '@colloquy/contract'
import type { ChatInterface, Clock, SessionManager } from '@colloquy/session'
import type { Response } from 'express'
import { sendJson } from '../answer/send-json.js'
import { ServerError } from '../answer/server-error.js'
import { wireComponents, wireHealth } from '../answer/to-wire.js'
import { factsOf } from '../request/request-facts.js'

/** What a server says of itself. */
export interface ServiceIdentity {
  readonly name: string
  readonly version: string
}

/** Tells how the service is doing. */
export function serviceHandlers(manager: SessionManager, clock: Clock, identity: ServiceIdentity) {
  const startedAt = clock.monotonic()
  const probe = (res: Response) => {
    factsOf(res).isProbe = true
  }
  return {
    async health({ res }: { res: Response }): Promise<Health | undefined> {
      probe(res)
      const health = wireHealth(await manager.health(), clock.now())
      if (health.status !== 'unhealthy') return health
      sendJson(res, 503, health)
      return undefined
    },

    async live({ res }: { res: Response }): Promise<Liveness> {
      probe(res)
      return { status: 'live' }
    },

    async ready({ res }: { res: Response }): Promise<Readiness> {
      probe(res)
      const { state } = manager
      if (state === 'ready') return { status: 'ready' }
      throw new ServerError(state === 'closing' ? 'shutting_down' : 'not_ready')
    },

    async status(): Promise<Status> {
      const [status, health] = await Promise.all([manager.status(), manager.health()])
      return {
        ...identity,
        ready: manager.state === 'ready',
        uptime_seconds: Math.round(clock.monotonic() - startedAt) / 1_000,
        chat: described(manager.chat),
        chats: (manager.chat.chats ?? []).map(described),
        session_count: status.sessionCount,
        turns: status.turns,
        components: wireComponents(health),
        store: { kind: manager.storeKind },
        process: {
          memory_rss_bytes: process.memoryUsage.rss(),
          node_version: process.version,
          pid: process.pid,
        },
      }
    },
  }
}

function described({ name, functions }: Pick<ChatInterface, 'name' | 'functions'>): ChatDescription {
  return { name, available_functions: availableFunctions(functions) }
}

/** The functions of a chat interface, which is somebody else's: what is no function is left out. */
function availableFunctions(functions: unknown): ChatDescription['available_functions'] {
  if (!Array.isArray(functions)) return []
  return functions.flatMap((given: unknown) => {
    const { name, description } = Object(given) as Readonly<Record<string, unknown>>
    return typeof name === 'string' && typeof description === 'string' ? [{ name, description }] : []
  })
}
