import { lookup } from 'node:dns/promises'
import type { Server } from 'node:http'
import type { RouteName } from '@colloquy/contract'
import { silentLogger, systemClock } from '@colloquy/session'
import { loopbackHosts } from './callers/check-host.js'
import { isLoopbackAddress } from './callers/loopback.js'
import { createHttpServer } from './connections/create-http-server.js'
import { type ConnectionEnd, watchConnections } from './connections/end-connections.js'
import { listen } from './connections/listen.js'
import { type AppOptions, createApp } from './create-app.js'
import { keepStarting } from './keep-starting.js'
import { createAppMetrics } from './metrics/create-metrics.js'
import { type MetricsServer, serveMetrics } from './metrics/serve-metrics.js'

/** Where to listen, besides what an app is made of. */
export interface ServeOptions extends AppOptions {
  /** A host name or address of this machine. Default: `localhost`, which only this machine reaches. */
  readonly host?: string
  /** Default: 8000. 0 picks a free one. */
  readonly port?: number
  /**
   * How many of the next ports are tried, one after the other, when the port is taken; that of the metrics is left out.
   * Default: 0, and a port that is taken is an error.
   */
  readonly nextPorts?: number
  /**
   * Serves the metrics on a port of their own, of the same host, to the same callers; on the main port there is no
   * `/metrics` then. 0 picks a free one. Default: none.
   */
  readonly metricsPort?: number
  /**
   * How long a request may take to arrive, with its body, in milliseconds; then it is answered with `request_timeout`.
   * The answer may take as long as it likes. Default: 60,000.
   */
  readonly requestTimeoutMs?: number
  /**
   * Whether everybody who reaches this machine may use the server, where it listens for others and has no
   * `authenticate`. Default: false, and it does not start.
   */
  readonly allowUnauthenticated?: boolean
  /**
   * Whether to listen before the manager has started, and although it can't be started. Until it has, `/health` is 503
   * and names the component that has not, and chats and sessions are refused with `not_ready`. After a failure the start
   * is tried again after a random time of up to a second, which doubles up to 30 seconds, until it succeeds; the log says
   * `ready` then. Default: false.
   */
  readonly startDegraded?: boolean
  /** Random numbers from 0 up to, but not including, 1: for the times between these attempts. Default: `Math.random`. */
  readonly random?: () => number
}

/** A server that listens. */
export interface RunningServer {
  /** Where it can be reached: `http://localhost:8000`. */
  readonly url: string
  readonly port: number
  /** The port of the metrics; null when they have none of their own. */
  readonly metricsPort: number | null
  readonly server: Server
  /**
   * Shuts down in order: readiness is taken back, new turns are refused and idle connections closed at once; running
   * turns get `grace` milliseconds (default 30,000) and the rest are interrupted; then the manager is closed, and the
   * server with all its connections. Closing again waits for the same end.
   */
  close(options?: { readonly grace?: number }): Promise<void>
}

/**
 * Starts the manager, then serves its API; with `startDegraded` the other way round, and then it resolves before the
 * manager has started.
 *
 * @throws RangeError when the options do not go together: nothing has been started then
 * @throws SessionError `not_ready` with the `component` that could not be started, or `shutting_down` when the manager is
 * closed meanwhile; neither with `startDegraded`
 * @throws Error of Node when the server can't listen, for instance because the port is taken (`EADDRINUSE`), or the host
 * is not known (`ENOTFOUND`)
 *
 * What it has started is closed before it rejects.
 */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { manager, host = 'localhost', port = 8000, metricsPort, requestTimeoutMs = 60_000 } = options
  if (metricsPort === port && port !== 0) {
    throw new RangeError(
      `port and metricsPort are both ${port}: the metrics need a port of their own, or none.`,
    )
  }
  const hostname = hostIn(host)
  // Looked up once: another time the name might lead somewhere else, which nobody has judged.
  const { address } = await lookup(host)
  const app = {
    ...options,
    ...allowedOf(options, { host, hostname, address }),
    metrics: options.metrics ?? createAppMetrics(options),
  }
  const elsewhere: readonly RouteName[] = metricsPort === undefined ? [] : ['metrics']
  const server = createHttpServer(createApp({ ...app, omit: [...(options.omit ?? []), ...elsewhere] }), {
    requestTimeoutMs,
    logger: options.logger,
    metrics: app.metrics,
  })
  const connections = watchConnections(server)
  const { clock = systemClock, random = Math.random, logger = silentLogger, startDegraded = false } = options
  let starting: { stop(): void } | undefined
  let metricsServer: MetricsServer | null = null
  let listeningPort: number
  try {
    if (metricsPort !== undefined)
      metricsServer = await serveMetrics(app, { address, port: metricsPort, requestTimeoutMs })
    if (!startDegraded) await manager.start()
    const begun = clock.monotonic()
    const { nextPorts = 0 } = options
    listeningPort = await listen(server, { address, port, nextPorts, omit: metricsServer?.port })
    logger.debug({ step: 'listen', duration_ms: Math.round(clock.monotonic() - begun) }, 'listening')
    if (startDegraded) starting = keepStarting({ manager, clock, random, logger })
  } catch (error) {
    await metricsServer?.close()
    await manager.close().catch((err: unknown) => logger.error({ err }, 'the manager could not be closed'))
    throw error
  }
  let closing: Promise<void> | null = null
  return {
    url: `http://${hostname}:${listeningPort}`,
    port: listeningPort,
    metricsPort: metricsServer?.port ?? null,
    server,
    close({ grace = 30_000 } = {}) {
      starting?.stop()
      closing ??= closeAll(connections, () => manager.close({ grace }), metricsServer)
      return closing
    },
  }
}

/**
 * The names that requests may be for, where they are not given: this machine's own, where only this machine can reach the
 * server and nobody has to show who they are.
 *
 * @throws RangeError when everybody can reach the server, and nothing says that they are meant to
 */
function allowedOf(
  { allowedHosts, authenticate, allowUnauthenticated }: ServeOptions,
  { host, hostname, address }: Readonly<Record<'host' | 'hostname' | 'address', string>>,
): Pick<AppOptions, 'allowedHosts'> {
  if (authenticate === undefined && !isLoopbackAddress(address)) {
    if (allowUnauthenticated === true) return {}
    throw new RangeError(
      `Others can reach ${host}: give the option authenticate, or allowUnauthenticated when everybody is meant to.`,
    )
  }
  if (allowedHosts !== undefined || authenticate !== undefined) return {}
  return { allowedHosts: [...loopbackHosts, hostname] }
}

/**
 * A host as it stands in an address, as browsers and clients write it: an IPv6 address has no zone there, which only this
 * machine knows.
 */
function hostIn(host: string): string {
  if (host === '')
    throw new RangeError('The host is empty: give a name or an address of this machine, such as localhost.')
  const [address = ''] = host.split('%')
  return new URL(`http://${host.includes(':') ? `[${address}]` : host}`).hostname
}

async function closeAll(
  connections: ConnectionEnd,
  closeManager: () => Promise<void>,
  metricsServer: MetricsServer | null,
): Promise<void> {
  try {
    const closed = closeManager() // refuses what is new from here on
    connections.begin()
    await closed
  } finally {
    await connections.finish()
    await metricsServer?.close() // the last, so that the shutdown can be watched
  }
}
