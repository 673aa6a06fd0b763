import { loopbackHosts, type ServeOptions } from '@colloquy/server'
import type { Config } from '../config/settings.js'
import { version } from '../version.js'

/** How many of the next ports are tried with `--next-port`. */
export const nextPorts = 20

/** What the server is told of the configuration: in its own words, and in milliseconds. */
export function serveOptions(config: Config): Omit<ServeOptions, 'manager'> {
  const { corsOrigin, allowedHost, metricsPort } = config
  return {
    host: config.host,
    port: config.port,
    nextPorts: config.nextPort ? nextPorts : 0,
    ...(metricsPort === null ? {} : { metricsPort }),
    bodyLimit: config.bodyLimit,
    requestTimeoutMs: config.requestTimeout * 1000,
    keepAliveMs: config.keepAlive * 1000,
    stalledReaderMs: config.stalledReaderTimeout * 1000,
    trustProxy: config.trustProxy,
    ...(corsOrigin.length === 0
      ? {}
      : { crossOrigin: { origins: corsOrigin, credentials: config.corsCredentials } }),
    ...(allowedHost.length === 0 ? {} : { allowedHosts: [...loopbackHosts, ...allowedHost] }),
    allowUnauthenticated: config.allowUnauthenticated,
    documentation: config.docs,
    startDegraded: config.startDegraded,
    version: version(),
  }
}
