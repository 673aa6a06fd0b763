import { z } from 'zod'
import { timestamp } from './json.js'
import { optional } from './optional.js'

/** How something is doing. */
export const healthStatus = z.enum(['healthy', 'degraded', 'unhealthy'])

const components = z
  .record(
    z.string(),
    z.strictObject({
      status: healthStatus,
      detail: optional(z.string()),
      latency_ms: z.number().min(0),
    }),
  )
  .meta({ description: 'Each part and how it is doing.' })

/** The answer of `GET /health`. */
export const health = z
  .strictObject({
    status: healthStatus.meta({ description: 'As well as the worst component.' }),
    components,
    timestamp,
  })
  .meta({ id: 'Health' })

/** The answer of `GET /health/live`. */
export const liveness = z.strictObject({ status: z.literal('live') }).meta({ id: 'Liveness' })

/** The answer of `GET /health/ready`. */
export const readiness = z.strictObject({ status: z.literal('ready') }).meta({ id: 'Readiness' })

/** The answer of `GET /api/v1/status`. */
export const status = z
  .strictObject({
    name: z.string(),
    version: z.string(),
    ready: z.boolean(),
    uptime_seconds: z.number().min(0),
    chat: z.strictObject({
      name: z.string(),
      available_functions: z.array(z.strictObject({ name: z.string(), description: z.string() })),
    }),
    session_count: z.int().min(0),
    turns: z.strictObject({ running: z.int().min(0), queued: z.int().min(0) }),
    components,
    store: z.strictObject({ kind: z.string() }),
    process: z.strictObject({ memory_rss_bytes: z.int().min(0), node_version: z.string(), pid: z.int() }),
  })
  .meta({ id: 'Status' })
