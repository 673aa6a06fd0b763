import {
  createSessionManager,
  type SessionLimits,
  type SessionManager,
  type SessionObserver,
  type SessionStore,
} from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import type { Logger } from 'pino'
import { makeChats } from './chats/make-chats.js'
import { toldChat } from './chats/told-chat.js'
import type { NamedChat } from './config/find-chats.js'
import type { Config } from './config/settings.js'
import { readStorePlace } from './config/store-place.js'
import { makeFolderOf } from './files/make-folder-of.js'
import type { Environment } from './main-options.js'
import { since } from './since.js'
import { sqliteStoreAt } from './sqlite-store-at.js'

/** What a server is composed of, besides its configuration. */
export interface Parts {
  /** What answers. Default: the assistant. */
  readonly chats?: readonly NamedChat[]
  /** Where the keys of model providers are. Default: nowhere. */
  readonly env?: Environment
  /** The folder from which packages are looked for that are not beside the command. Default: that of the process. */
  readonly cwd?: string
  readonly logger: Logger
  /** Is told what happens. Default: nobody is. */
  readonly observer?: SessionObserver
}

/**
 * Makes the session manager: the store, and what answers. The only place that names every store and adapter.
 *
 * @throws ChatLoadError, ModelLoadError, CommandError when what answers can't be made
 */
export async function compose(
  config: Config,
  { chats = [], logger, env = {}, cwd = process.cwd(), observer }: Parts,
): Promise<SessionManager> {
  const begun = performance.now()
  const chat = await makeChats(chats, { config, logger, env, cwd })
  const of = chats.map(toldChat).join(', ') || undefined
  const loaded = { step: 'load', duration_ms: since(begun), chat: chat.name, module: of }
  // The built-in one takes no time that is worth a line.
  logger[of === undefined ? 'debug' : 'info'](loaded, 'chat interface loaded')
  const store = await storeOf(config)
  logger.debug({ store: store.kind }, 'store made')
  return createSessionManager({
    store,
    chat,
    limits: limitsOf(config),
    logger,
    ...(observer === undefined ? {} : { observer }),
  })
}

/** Makes the store that is configured, and the folder that it is in; it is yet to be opened. */
async function storeOf({ store }: Config): Promise<SessionStore> {
  const place = readStorePlace(store)
  if (place?.kind !== 'sqlite') return createMemoryStore()
  await makeFolderOf(place.path)
  return sqliteStoreAt(place.path)
}

function limitsOf(config: Config): Partial<SessionLimits> {
  return {
    sessionTtlMs: config.sessionTtl * 1000,
    sessionMaxAgeMs: config.sessionMaxAge === null ? null : config.sessionMaxAge * 1000,
    maxSessions: config.maxSessions,
    whenFull: config.whenFull,
    historyLimit: config.historyLimit,
    maxMessageLength: config.maxMessageLength,
    maxTurns: config.maxTurns,
    onBusy: config.onBusy,
    queueLimit: config.queueLimit,
    disconnectGraceMs: config.disconnectGrace * 1000,
    firstChunkTimeoutMs: config.firstChunkTimeout * 1000,
    chunkTimeoutMs: config.chunkTimeout * 1000,
    turnTimeoutMs: config.turnTimeout * 1000,
    maxOutputBytes: config.maxOutputBytes,
    maxEvents: config.maxEvents,
  }
}
