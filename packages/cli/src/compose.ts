import { createAssistant } from '@colloquy/assistant'
import { loadChat } from '@colloquy/chat'
import {
  type ChatInterface,
  createSessionManager,
  type SessionLimits,
  type SessionManager,
  type SessionObserver,
} from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import type { Logger } from 'pino'
import type { Config } from './config/settings.js'
import { since } from './serve/since.js'

/** What a server is composed of, besides its configuration. */
export interface Parts {
  /** The module of the chat interface, and the folder that a relative path starts from. Default: the assistant. */
  readonly module?: { readonly path: string; readonly cwd: string } | undefined
  readonly logger: Logger
  /** Is told what happens. Default: nobody is. */
  readonly observer?: SessionObserver
}

/**
 * Makes the session manager: the store, and what answers. The only place that names every store and adapter.
 *
 * @throws ChatLoadError when the module can't be loaded
 */
export async function compose(config: Config, { module, logger, observer }: Parts): Promise<SessionManager> {
  const begun = performance.now()
  const chat = await chatOf(module)
  const loaded = { step: 'load', duration_ms: since(begun), chat: chat.name, module: module?.path }
  // The built-in one takes no time that is worth a line.
  logger[module === undefined ? 'debug' : 'info'](loaded, 'chat interface loaded')
  const store = createMemoryStore()
  logger.debug({ store: store.kind }, 'store made')
  return createSessionManager({
    store,
    chat,
    limits: limitsOf(config),
    logger,
    ...(observer === undefined ? {} : { observer }),
  })
}

async function chatOf(module: Parts['module']): Promise<ChatInterface> {
  return module === undefined ? createAssistant() : loadChat(module.path, { cwd: module.cwd })
}

function limitsOf(config: Config): Partial<SessionLimits> {
  return {
    sessionTtlMs: config.sessionTtl * 1000,
    maxSessions: config.maxSessions,
    whenFull: config.whenFull,
    historyLimit: config.historyLimit,
    maxMessageLength: config.maxMessageLength,
    maxTurns: config.maxTurns,
    firstChunkTimeoutMs: config.firstChunkTimeout * 1000,
    chunkTimeoutMs: config.chunkTimeout * 1000,
    turnTimeoutMs: config.turnTimeout * 1000,
    maxOutputBytes: config.maxOutputBytes,
    maxEvents: config.maxEvents,
  }
}
