import { z } from 'zod'
import { optional } from './optional.js'
import { timestamp } from './timestamp.js'

/** How something is doing. */
export const healthStatus = z.enum(['healthy', 'degraded', 'unhealthy'])

const component = z
  .strictObject({
    status: healthStatus.meta({ description: 'How it is doing.' }),
    detail: optional(z.string()).meta({
      description: 'Why it is doing so, in a few words.',
      examples: ['no answer within 5000 ms'],
    }),
    latency_ms: z
      .number()
      .min(0)
      .meta({ description: 'How long it took to tell, in milliseconds.', examples: [0.2] }),
  })
  .meta({ id: 'ComponentHealth', description: 'How one component is doing.' })

const components = z.record(z.string(), component).meta({
  description:
    'How each component is doing, by its name: `store`, `chat`, and what the chat interface names. A result counts for ' +
    'a second.',
})

/** The answer of `GET /health`. */
export const health = z
  .strictObject({
    status: healthStatus.meta({ description: 'As well as the worst component.' }),
    components,
    timestamp: timestamp.meta({ description: 'When it was told (RFC 3339, in UTC, with milliseconds).' }),
  })
  .meta({ id: 'Health', description: 'How every component is doing.' })

/** The answer of `GET /health/live`. */
export const liveness = z
  .strictObject({ status: z.literal('live').meta({ description: 'The process answers.' }) })
  .meta({ id: 'Liveness', description: 'Whether the process answers.' })

/** The answer of `GET /health/ready`. */
export const readiness = z
  .strictObject({ status: z.literal('ready').meta({ description: 'Chats are answered.' }) })
  .meta({ id: 'Readiness', description: 'Whether chats are answered.' })

const availableFunction = z
  .strictObject({
    name: z.string().meta({ description: 'Its name.', examples: ['lookup_products'] }),
    description: z.string().meta({ description: 'What it does.', examples: ['Searches the catalogue.'] }),
  })
  .meta({ id: 'AvailableFunction', description: 'A function that the chat interface can call.' })

const chatDescription = z
  .strictObject({
    name: z.string().meta({ description: 'What it calls itself.', examples: ['furniture-shop assistant'] }),
    available_functions: z
      .array(availableFunction)
      .meta({ description: 'The functions that it can call while it answers.' }),
  })
  .meta({ description: 'The chat interface: what answers the messages.' })

const chatChoice = chatDescription.meta({
  id: 'ChatChoice',
  description: 'One of several chats between which sessions choose.',
})

const turnCounts = z
  .strictObject({
    running: z
      .int()
      .min(0)
      .meta({ description: 'How many are running on this server.', examples: [1] }),
    queued: z
      .int()
      .min(0)
      .meta({ description: 'How many wait for their start.', examples: [0] }),
  })
  .meta({ description: 'The turns of this moment.' })

const processFacts = z
  .strictObject({
    memory_rss_bytes: z
      .int()
      .min(0)
      .meta({ description: 'How much memory it holds, in bytes.', examples: [95_395_840] }),
    node_version: z
      .string()
      .meta({ description: 'The version of Node that runs it.', examples: ['v24.0.0'] }),
    pid: z.int().meta({ description: 'Its process id.', examples: [1] }),
  })
  .meta({ description: 'The process of this server.' })

/** The answer of `GET /api/v1/status`. */
export const status = z
  .strictObject({
    name: z.string().meta({ description: 'What the service calls itself.', examples: ['colloquy'] }),
    version: z.string().meta({ description: 'Its version.', examples: ['1.0.0'] }),
    ready: z.boolean().meta({ description: 'Whether chats are answered: started, and not shutting down.' }),
    uptime_seconds: z
      .number()
      .min(0)
      .meta({ description: 'How long it has been running, in seconds.', examples: [86_400] }),
    chat: chatDescription,
    chats: z.array(chatChoice).meta({
      description:
        'The chats between which a session chooses when it is created; the first one is for those that choose none. Empty ' +
        'where there is no choice.',
    }),
    session_count: z
      .int()
      .min(0)
      .nullable()
      .meta({
        description:
          'How many sessions exist; null while nobody can tell: until the store has been started, and when it ' +
          'has been closed.',
        examples: [12],
      }),
    turns: turnCounts,
    components,
    store: z
      .strictObject({
        kind: z.string().meta({ description: 'What kind of store it is, in a word.', examples: ['memory'] }),
      })
      .meta({ description: 'Where sessions are kept.' }),
    process: processFacts,
  })
  .meta({ id: 'Status', description: 'What runs here, and what is going on.' })
