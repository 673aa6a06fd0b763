import type { RunningServer } from '@colloquy/server'
import { SessionError, type SessionManager } from '@colloquy/session'
import type { Logger } from 'pino'
import { type CommandError, failure } from '../command-error.js'

/** A server that is to be stopped, wherever its start is. */
export interface StoppableServer {
  readonly manager: Pick<SessionManager, 'close'>
  /** Its start: resolves when it is up. */
  readonly starting: Promise<RunningServer>
  /** The server, if it is up. */
  readonly running: RunningServer | undefined
}

/**
 * Stops a server in order: what runs gets `grace` milliseconds. A start that is under way is ended first, and what it
 * has opened is closed.
 *
 * @throws what the start failed with, unless it failed because it was ended
 * @throws CommandError when the shutdown failed, for instance because the store can't be closed
 */
export async function stopServer(
  { manager, starting, running }: StoppableServer,
  { grace, logger }: { readonly grace: number; readonly logger: Logger },
): Promise<void> {
  const up = running ?? (await endStart(manager, starting, logger))
  try {
    await up?.close({ grace })
  } catch (err) {
    throw shutdownFailed(err, logger)
  }
  logger.info({}, 'stopped')
}

/**
 * @returns the server, when it came up in the same moment
 * @throws what the start failed with, unless it failed because it was ended
 * @throws CommandError when what it has opened can't be closed
 */
async function endStart(
  manager: StoppableServer['manager'],
  starting: Promise<RunningServer>,
  logger: Logger,
): Promise<RunningServer | undefined> {
  const [closed, started] = await Promise.allSettled([manager.close(), starting])
  if (started.status === 'fulfilled') return started.value
  const fault = closed.status === 'rejected' ? shutdownFailed(closed.reason, logger) : undefined
  if (!isShuttingDown(started.reason)) throw started.reason
  if (fault !== undefined) throw fault
  return undefined
}

function shutdownFailed(err: unknown, logger: Logger): CommandError {
  logger.error({ err }, 'the shutdown failed')
  return failure('The shutdown failed. The log says why.', err)
}

function isShuttingDown(error: unknown): boolean {
  return error instanceof SessionError && error.code === 'shutting_down'
}
