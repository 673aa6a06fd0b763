import type { AddressInfo } from 'node:net'
import { loopbackHosts, type RunningServer, serve } from '@colloquy/server'
import type { SessionManager } from '@colloquy/session'
import type { Logger } from 'pino'
import { CommandError } from '../command-error.js'
import { compose } from '../compose.js'
import { type Flags, readConfig } from '../config/read-config.js'
import type { Config } from '../config/settings.js'
import { unknownVariables } from '../config/unknown-variables.js'
import { createLogger } from '../create-logger.js'
import type { Surroundings } from '../main-options.js'
import { hasColours } from '../output/colours.js'
import { announce } from '../serve/announce.js'
import { endIfKeptAlive, endIfStuck } from '../serve/end-of-process.js'
import { explainStartError } from '../serve/explain-start-error.js'
import { hideTypeStrippingWarning } from '../serve/hide-type-stripping-warning.js'
import { listenForStop } from '../serve/stop-requests.js'
import { withinLoadTime } from '../serve/within-load-time.js'
import { version } from '../version.js'

/**
 * Serves a chat interface until it is told to stop.
 *
 * @param path of the chat interface's module; undefined for the assistant
 * @param options.loadMs how long the module may take to load. Default: 30 seconds
 * @returns the exit code
 * @throws CommandError when the configuration is wrong, or the start failed
 */
export async function serveCommand(
  path: string | undefined,
  flags: Flags,
  surroundings: Surroundings,
  options: { readonly loadMs?: number } = {},
): Promise<number> {
  const { env, stdout, cwd, process, signal } = surroundings
  const config = readConfig({ flags, env, isTerminal: stdout.isTTY === true })
  const logger = await createLogger({ ...config, colours: hasColours(stdout, env) }, stdout)
  for (const warning of unknownVariables(env)) logger.warn({}, warning)
  logger.debug({ config }, 'configuration read')

  const stop = listenForStop({ process, signal, logger })
  try {
    const module = path === undefined ? undefined : { path, cwd }
    const load = () => hideTypeStrippingWarning(() => compose(config, { module, logger }))
    const manager = await explained(config, logger, () =>
      withinLoadTime(path ?? 'The assistant', () => Promise.race([load(), stop.requested]), options.loadMs),
    )
    if (manager === undefined) {
      endIfKeptAlive(process, logger, stop.exitCode())
      return stop.exitCode()
    }
    const starting = explained(config, logger, () => start(config, manager, logger))
    const running = await Promise.race([starting, stop.requested])
    if (running !== undefined) {
      const { address } = running.server.address() as AddressInfo
      announce({ url: running.url, address, manager }, { logger, people: config.pretty ? stdout : undefined })
      await stop.requested
    }
    await close(starting, config, { process, logger })
    endIfKeptAlive(process, logger, stop.exitCode())
    return stop.exitCode()
  } catch (error) {
    endIfKeptAlive(process, logger, 1)
    throw error
  } finally {
    stop.release()
  }
}

async function start(config: Config, manager: SessionManager, logger: Logger): Promise<RunningServer> {
  try {
    return await serve({
      manager,
      logger,
      host: config.host,
      port: config.port,
      bodyLimit: config.bodyLimit,
      keepAliveMs: config.keepAlive * 1000,
      ...(config.corsOrigin.length === 0
        ? {}
        : { crossOrigin: { origins: config.corsOrigin, credentials: config.corsCredentials } }),
      ...(config.allowedHost.length === 0 ? {} : { allowedHosts: [...loopbackHosts, ...config.allowedHost] }),
      version: version(),
    })
  } catch (error) {
    await manager.close()
    throw error
  }
}

/** Closes a server, also one that was stopped before it was up. */
async function close(
  starting: Promise<RunningServer>,
  config: Config,
  { process, logger }: { readonly process: Surroundings['process']; readonly logger: Logger },
): Promise<void> {
  const grace = config.shutdownGrace * 1000
  const stuck = endIfStuck(process, logger, { grace })
  try {
    const running = await starting
    await running.close({ grace })
    logger.info({}, 'stopped')
  } finally {
    stuck.release()
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
    const message = explainStartError(cause, config)
    if (message === undefined) throw cause
    logger.debug({ err: cause }, 'the start failed')
    throw new CommandError(message, { exitCode: 1, cause })
  }
}
