import type { SessionObserver, StoreCall } from '@colloquy/session'
import { Counter, Gauge, type Registry } from 'prom-client'
import { createHistogram } from './histogram.js'
import { createTally, onceForEach } from './tally.js'

/** In seconds: from a function that answers at once to the longest turn that is allowed unless configured. */
const turnBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300, 600]

/** In seconds: from a map in memory to a store that is all but gone. */
const storeBuckets = [
  0.00005, 0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5,
]

/** Measures what a session manager tells of. Every label has few values, all of them ours. */
export function observeManager(registry: Registry): SessionObserver {
  const registers = [registry]
  const counter = (name: string, help: string) => new Counter({ name, help, registers })

  const turns = createHistogram({
    name: 'colloquy_turn_duration_seconds',
    help: 'From the acceptance of a message to the end of its turn.',
    labelNames: ['outcome'],
    buckets: turnBuckets,
    registry,
  })
  const failures = new Counter({
    name: 'colloquy_turn_failures_total',
    help: 'Turns that failed, by why.',
    labelNames: ['code'],
    registers,
  })
  const firstEvent = createHistogram({
    name: 'colloquy_turn_first_event_seconds',
    help: 'From the beginning of a turn to the first event that the chat interface made.',
    labelNames: [],
    buckets: turnBuckets,
    registry,
  })({})
  // A number each, of which a gauge is told when somebody looks: to tell it each time costs much more.
  let running = 0
  let queued = 0
  const gauge = (name: string, help: string, read: () => number) =>
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(read())
      },
    })
  gauge('colloquy_turns_running', 'Turns that run in this process.', () => running)
  gauge(
    'colloquy_turns_queued',
    'Turns that wait in this process for others of their sessions.',
    () => queued,
  )
  const abandoned = counter(
    'colloquy_turns_abandoned_total',
    'Turns of an instance that was gone, ended by this one.',
  )
  const events = createTally({
    name: 'colloquy_turn_events_total',
    help: 'Events of turns that the store took, by type.',
    labelNames: ['type'],
    registers,
  })
  const discarded = counter(
    'colloquy_turn_chunks_discarded_total',
    'Chunks that a chat interface yielded although its turn had been stopped. They were thrown away.',
  )
  const created = counter('colloquy_sessions_created_total', 'Sessions that were made.')
  const expired = counter('colloquy_sessions_expired_total', 'Sessions that were collected after their end.')
  const evicted = counter('colloquy_sessions_evicted_total', 'Sessions that gave way to a new one.')
  const deleted = counter('colloquy_sessions_deleted_total', 'Sessions that were deleted on demand.')
  const store = createHistogram({
    name: 'colloquy_store_call_duration_seconds',
    help: 'How long the store took, by call, and by whether it failed.',
    labelNames: ['call', 'failed'],
    buckets: storeBuckets,
    registry,
  })

  const eventsOf = onceForEach((type: string) => events({ type }))
  const turnsOf = onceForEach((outcome: string) => turns({ outcome }))
  const answered = onceForEach((call: StoreCall) => store({ call: inSnakeCase(call), failed: 'false' }))
  const broken = onceForEach((call: StoreCall) => store({ call: inSnakeCase(call), failed: 'true' }))

  return {
    turnQueued() {
      queued += 1
    },
    turnStarted({ hasWaited }) {
      running += 1
      if (hasWaited) queued -= 1
    },
    turnEnded({ status, hasBegun, code, durationMs, firstEventMs }) {
      if (hasBegun) running -= 1
      else queued -= 1
      turnsOf(status)(durationMs)
      if (code !== undefined) failures.inc({ code })
      if (firstEventMs !== null) firstEvent(firstEventMs)
    },
    turnsAbandoned: (count) => abandoned.inc(count),
    chunksDiscarded: (count) => discarded.inc(count),
    eventsWritten: (type, count) => eventsOf(type)(count),
    sessionsCreated: (count) => created.inc(count),
    sessionsExpired: (count) => expired.inc(count),
    sessionsEvicted: (count) => evicted.inc(count),
    sessionsDeleted: (count) => deleted.inc(count),
    storeCalled({ call, durationMs, failed }) {
      const measure = failed ? broken(call) : answered(call)
      measure(durationMs)
    },
  }
}

function inSnakeCase(call: StoreCall): string {
  return call.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
