import { createRoutes, type RouteName } from '@colloquy/contract'
import { type AppOptions, createApp } from '../create-app.js'
import { createHttpServer } from '../create-http-server.js'
import { watchConnections } from '../end-connections.js'
import { listen } from '../listen.js'

/** A server of the metrics alone. */
export interface MetricsServer {
  readonly port: number
  /** Resolves when its last connection has gone. */
  close(): Promise<void>
}

/**
 * Serves the metrics on a port of their own: the same answers as on the main one, to the same callers, and nothing
 * else. Rejects when it can't listen there.
 */
export async function serveMetrics(
  options: AppOptions,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<MetricsServer> {
  const routes = Object.keys(createRoutes(options.manager.limits)) as RouteName[]
  const { logger, metrics } = options
  const app = createApp({ ...options, omit: routes.filter((name) => name !== 'metrics') })
  const server = createHttpServer(app, { logger, metrics })
  const connections = watchConnections(server)
  const listeningPort = await listen(server, { host, port })
  logger?.info({ host, port: listeningPort }, 'the metrics have a port of their own')
  return {
    port: listeningPort,
    close() {
      connections.begin()
      return connections.finish()
    },
  }
}
