import { type RunningServer, type ServeOptions, serve } from '@colloquy/server'
import type { Logger } from 'pino'

/**
 * Serves; when that fails, the manager is closed as well.
 *
 * @throws what the start failed with; that the manager can't be closed then is logged
 */
export async function startServer(
  options: ServeOptions & { readonly logger: Logger },
): Promise<RunningServer> {
  const { manager, logger } = options
  try {
    return await serve(options)
  } catch (error) {
    await manager.close().catch((err: unknown) => logger.error({ err }, 'the shutdown failed'))
    throw error
  }
}
