import type { Problem } from '@colloquy/contract'
import type { Logger } from 'pino'
import type { HttpMetrics } from '../metrics/http-metrics.js'
import { addressIn } from '../request/client-address.js'

/** A request that was answered before it got to the app, or before it was one. */
export interface UnroutedRequest {
  readonly problem: Problem
  /** The address that it came from. */
  readonly address: string | undefined
  /** How much was sent, in bytes. */
  readonly bytes: number
}

/** Is told of requests that never got to the app. */
export type NoteUnrouted = (request: UnroutedRequest) => void

/** Who learns of them. */
export interface UnroutedListeners {
  /** Default: nobody reads a line. */
  readonly logger?: Pick<Logger, 'info'> | undefined
  /** Default: nothing is counted. */
  readonly metrics?: HttpMetrics | undefined
}

/**
 * Tells the log and the metrics of requests that never got to the app, which tells of all others: nothing of what was
 * sent, because nobody knows what that is. Neither method nor time are known of most of them.
 */
export function noteUnrouted({ logger, metrics }: UnroutedListeners): NoteUnrouted {
  return ({ problem, address, bytes }) => {
    const { request_id, status, code } = problem
    logger?.info({ request_id, status, code, client: addressIn(address), bytes }, 'request refused')
    metrics?.requestRefused({ code, bytes })
  }
}
