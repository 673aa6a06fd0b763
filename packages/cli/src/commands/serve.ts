import { createMetrics } from '@colloquy/server'
import { SessionError } from '@colloquy/session'
import type { Logger } from 'pino'
import { toldChat } from '../chats/told-chat.js'
import { failure } from '../command-error.js'
import { compose } from '../compose.js'
import { type Flags, readConfig } from '../config/read-config.js'
import type { Config } from '../config/settings.js'
import { withoutSecrets } from '../config/without-secrets.js'
import { createLogger } from '../create-logger.js'
import { hideExperimentalWarning } from '../loading/hide-experimental-warning.js'
import { withinLoadTime } from '../loading/within-load-time.js'
import type { Surroundings } from '../main-options.js'
import { hasColours } from '../output/colours.js'
import { findPortHolder } from '../ports/port-holder.js'
import { announce } from '../serve/announce.js'
import { announcementOf } from '../serve/announcement-of.js'
import { endIfStuck } from '../serve/end-of-process.js'
import { explainStartError, isListenError, startFaultOf } from '../serve/explain-start-error.js'
import { flushLog } from '../serve/flush-log.js'
import { openApiKeys } from '../serve/open-api-keys.js'
import { openDocs } from '../serve/open-docs.js'
import { serveOptions } from '../serve/serve-options.js'
import { startServer } from '../serve/start-server.js'
import { listenForStop } from '../serve/stop-requests.js'
import { stopServer } from '../serve/stop-server.js'
import { since } from '../since.js'
import { version } from '../version.js'

/**
 * Serves a chat interface until it is told to stop.
 *
 * @param chat what answers, as it was named; undefined for what the configuration names, or the assistant
 * @param options.loadMs how long the module may take to load. Default: 30 seconds
 * @returns the exit code
 * @throws CommandError when the configuration is wrong, or the start failed
 */
export async function serveCommand(
  chat: string | undefined,
  flags: Flags,
  surroundings: Surroundings,
  options: { readonly loadMs?: number } = {},
): Promise<number> {
  const { env, stdout, cwd, process, signal } = surroundings
  const begun = performance.now()
  const sources = { flags, env, cwd, chat, moduleEnv: process?.env, loadMs: options.loadMs }
  const { config, chats, configFile, warnings } = await readConfig({
    ...sources,
    isTerminal: stdout.isTTY === true,
  })
  const colours = hasColours(stdout, env)
  const logger = await createLogger({ ...config, colours }, stdout)
  for (const warning of warnings) logger.warn({}, warning)
  logger.debug(
    { step: 'config', duration_ms: since(begun), config: withoutSecrets(config) },
    'configuration read',
  )
  const keys = await openApiKeys(config, { logger })

  const stop = listenForStop({ process, signal, logger })
  const writeLog = () => logger.flush()
  process?.on('exit', writeLog)
  try {
    const metrics = createMetrics({ version: version() })
    const keysOfModels = { ...env, ...process?.env }
    const parts = { chats, logger, env: keysOfModels, cwd, observer: metrics.observer }
    const load = () => hideExperimentalWarning('typeScript', () => compose(config, parts))
    const manager = await explained(config, logger, () =>
      withinLoadTime(
        chats.map(toldChat).join(', ') || 'The assistant',
        () => Promise.race([load(), stop.requested]),
        options.loadMs,
      ),
    )
    if (manager === undefined) return stop.exitCode()
    const starting = explained(config, logger, () =>
      startServer({
        ...serveOptions(config),
        manager,
        logger,
        metrics,
        ...(keys === undefined ? {} : { authenticate: keys.authenticate }),
      }),
    )
    const running = await Promise.race([starting, stop.requested])
    if (running !== undefined) {
      const facts = { running, manager, config, configFile, keys: keys?.count(), durationMs: since(begun) }
      const people = config.pretty ? stdout : undefined
      announce(await announcementOf(facts), { logger, people, colours })
      if (config.open) void openDocs(running.url, config, { env, logger })
      await stop.requested
    }
    const grace = config.shutdownGrace * 1000
    const stuck = endIfStuck(process, logger, { grace, flush: () => flushLog(logger, stdout) })
    const server = { manager, starting, running: running ?? undefined }
    await stopServer(server, { grace, logger }).finally(() => stuck.release())
    return stop.exitCode()
  } finally {
    keys?.close()
    await flushLog(logger, stdout)
    process?.off('exit', writeLog)
    stop.release()
  }
}

async function explained<Result>(
  config: Config,
  logger: Logger,
  step: () => Promise<Result>,
): Promise<Result> {
  try {
    return await step()
  } catch (cause) {
    if (cause instanceof SessionError && cause.code === 'shutting_down') throw cause // it was told to stop
    const isTaken = isListenError(cause) && cause.code === 'EADDRINUSE'
    const holder = isTaken
      ? await findPortHolder(cause.address ?? config.host, cause.port ?? config.port)
      : undefined
    const fault = startFaultOf(cause, config, holder)
    // Who is told what to do needs no stack; and people are told on stderr.
    if (config.pretty || fault !== undefined) logger.debug({ err: cause }, 'what the start failed with')
    if (!config.pretty) logger.fatal(fault ?? { err: cause }, 'the start failed')
    const message = explainStartError(cause, config, holder)
    if (message === undefined) throw cause
    throw failure(message, cause)
  }
}
