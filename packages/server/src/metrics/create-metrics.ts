import type { SessionObserver } from '@colloquy/session'
import { Gauge, Registry } from 'prom-client'
import { ownVersion } from '../own-version.js'
import { createHttpMetrics, type HttpMetrics } from './http-metrics.js'
import { observeManager } from './observe-manager.js'
import { processMetrics } from './process-metrics.js'

/** What metrics are made of. */
export interface MetricsOptions {
  /** The version of the service, for `colloquy_build_info`. Default: this package's. */
  readonly version?: string
}

/**
 * What is counted and measured for Prometheus. Each has a registry of its own, so any number live in one process.
 * One belongs to one session manager and the app in front of it:
 *
 * ```ts
 * const metrics = createMetrics()
 * const manager = createSessionManager({ store, chat, observer: metrics.observer })
 * const app = createApp({ manager, metrics })
 * ```
 */
export interface Metrics extends AppMetrics {
  /** Tells of sessions, turns, events and the store: give it to the session manager. */
  readonly observer: SessionObserver
}

/** The part of the metrics that an app keeps. */
export interface AppMetrics extends HttpMetrics {
  /** Where the metrics are, to read them or to add your own. What is measured of the process itself is not among them. */
  readonly registry: Registry
  /** How many sessions there are. Set before it is read; without a value when the store can't tell. */
  readonly sessions: Gauge
}

/** Makes the metrics of a server. */
export function createMetrics(options: MetricsOptions = {}): Metrics {
  const metrics = createAppMetrics(options)
  return { ...metrics, observer: observeManager(metrics.registry) }
}

/**
 * The metrics of an app alone. Those of turns and of the store would stay at zero for ever where no manager tells of
 * them, so they are left out.
 */
export function createAppMetrics({ version = ownVersion() }: MetricsOptions = {}): AppMetrics {
  processMetrics() // from now on: what happened before the first scrape is asked for as well
  const registry = new Registry()
  const registers = [registry]
  new Gauge({
    name: 'colloquy_build_info',
    help: 'Which version runs; always 1.',
    labelNames: ['version'],
    registers,
  }).set({ version }, 1)
  const sessions = new Gauge({
    name: 'colloquy_sessions',
    help: 'Sessions in the store. Left out while the store can not tell.',
    registers,
  })
  return { registry, sessions, ...createHttpMetrics(registry) }
}
