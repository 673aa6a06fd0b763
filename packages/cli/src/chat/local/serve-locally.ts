import { Writable } from 'node:stream'
import { createApiKey, createApiKeys, type RunningServer } from '@colloquy/server'
import type { SessionManager } from '@colloquy/session'
import { toldChat } from '../../chats/told-chat.js'
import { failure } from '../../command-error.js'
import { compose } from '../../compose.js'
import type { EffectiveConfig } from '../../config/read-config.js'
import type { Config } from '../../config/settings.js'
import { createLogger } from '../../create-logger.js'
import { hideExperimentalWarning } from '../../loading/hide-experimental-warning.js'
import { withinLoadTime } from '../../loading/within-load-time.js'
import type { Surroundings } from '../../main-options.js'
import { endIfStuck } from '../../serve/end-of-process.js'
import { explainStartError } from '../../serve/explain-start-error.js'
import { startServer } from '../../serve/start-server.js'
import { version } from '../../version.js'

/** A server in this process, for one conversation. */
export interface LocalServer {
  readonly url: string
  /** What a client has to send with every request. */
  readonly headers: Readonly<Record<string, string>>
  /** Writes warnings in this way from now on. */
  readonly showLog: (write: (text: string) => void) => void
  /** Ends the answers that run, and closes what answers and the store. */
  close(): Promise<void>
}

/** Whose the sessions are: the same each time, for a store that stays. */
const owner = 'local'

/**
 * Serves what is configured on a free port of this machine, to whoever has a key that nobody else knows.
 *
 * @throws CommandError when it can't be started, in words that say what to do
 */
export async function serveLocally(
  { config, chats }: EffectiveConfig,
  { stderr, env, cwd, process }: Surroundings,
): Promise<LocalServer> {
  let write = (text: string): void => void stderr.write(`${text}\n`)
  const output = new Writable({
    decodeStrings: false,
    write(chunk, _encoding, done) {
      write(String(chunk).trimEnd())
      done()
    },
  })
  const logger = await createLogger({ logLevel: 'warn', pretty: true, colours: false }, output)
  const { key, entry } = createApiKey(owner)
  const running = await explained(config, async (): Promise<RunningServer> => {
    const parts = { chats, logger, env: { ...env, ...process?.env }, cwd }
    const told = chats.map(toldChat).join(', ') || 'The assistant'
    const load = (): Promise<SessionManager> =>
      hideExperimentalWarning('typeScript', () => compose(config, parts))
    return startServer({
      manager: await withinLoadTime(told, load),
      logger,
      host: '127.0.0.1',
      port: 0,
      authenticate: createApiKeys([entry]).authenticate,
      documentation: 'off',
      keepAliveMs: config.keepAlive * 1000,
      bodyLimit: config.bodyLimit,
      version: version(),
    })
  })
  return {
    url: running.url,
    headers: { Authorization: `Bearer ${key}` },
    showLog(show) {
      write = show
    },
    async close() {
      const stuck = endIfStuck(process, logger, { grace: 0, flush: () => Promise.resolve() })
      await running.close({ grace: 0 }).finally(() => stuck.release())
    },
  }
}

async function explained<Result>(config: Config, start: () => Promise<Result>): Promise<Result> {
  try {
    return await start()
  } catch (cause) {
    const message = explainStartError(cause, { ...config, pretty: false })
    if (message === undefined) throw cause
    // Here, nothing can be asked before it has started.
    throw failure(message.replace(/\nWith --start-degraded.*$/s, ''), cause)
  }
}
