import { createRoutes, type RouteName } from '@colloquy/contract'
import { createHttpServer } from '../connections/create-http-server.js'
import { watchConnections } from '../connections/end-connections.js'
import { listen } from '../connections/listen.js'
import { type AppOptions, createApp } from '../create-app.js'

/** How the metrics are served. */
export interface MetricsServerOptions {
  /** An address of this machine. */
  readonly address: string
  readonly port: number
  /** How long a request may take to arrive, in milliseconds. */
  readonly requestTimeoutMs: number
}

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
  { address, port, requestTimeoutMs }: MetricsServerOptions,
): Promise<MetricsServer> {
  const routes = Object.keys(createRoutes(options.manager.limits)) as RouteName[]
  const { logger, metrics } = options
  const app = createApp({ ...options, omit: routes.filter((name) => name !== 'metrics') })
  const server = createHttpServer(app, { requestTimeoutMs, logger, metrics })
  const connections = watchConnections(server)
  const listeningPort = await listen(server, { address, port })
  logger?.info({ address, port: listeningPort }, 'the metrics have a port of their own')
  return {
    port: listeningPort,
    close() {
      connections.begin()
      return connections.finish()
    },
  }
}
