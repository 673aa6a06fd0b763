import { defaultLimits } from '@colloquy/session'
import { longestTimeout, type SettingGroup } from '../setting.js'

/** What a turn may take, and how its stream behaves. */
export const turnSettings = {
  maxTurns: {
    kind: 'number',
    min: 1,
    max: 1_000_000,
    default: defaultLimits.maxTurns,
    description: 'how many turns may run or wait at once; one more is overloaded, also if it is to interrupt',
  },
  onBusy: {
    kind: 'choice',
    value: 'way',
    choices: ['reject', 'queue', 'interrupt'],
    default: defaultLimits.onBusy,
    description:
      'what happens to a message while a turn of its session runs, unless it says so itself: it is refused (reject), ' +
      'waits (queue), or takes the place of that turn (interrupt)',
  },
  queueLimit: {
    kind: 'number',
    min: 0,
    max: 1_000,
    default: defaultLimits.queueLimit,
    description: 'how many turns may wait in one session; one that is to interrupt is taken all the same',
  },
  firstChunkTimeout: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0.001,
    max: longestTimeout,
    default: defaultLimits.firstChunkTimeoutMs / 1000,
    description: 'how long an answer may take to begin',
  },
  chunkTimeout: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0.001,
    max: longestTimeout,
    default: defaultLimits.chunkTimeoutMs / 1000,
    description: 'how long an answer may pause',
  },
  turnTimeout: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0.001,
    max: longestTimeout,
    default: defaultLimits.turnTimeoutMs / 1000,
    description: 'how long a whole turn may take',
  },
  disconnectGrace: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0.001,
    max: longestTimeout,
    default: defaultLimits.disconnectGraceMs / 1000,
    description:
      'how long a turn that is to be cancelled with its last reader goes on without one: a reader may come back',
  },
  stalledReaderTimeout: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0.001,
    max: longestTimeout,
    default: 30,
    description:
      'how long a reader may take nothing of a stream before it is dropped, and 1 s more for every 8 KiB it was sent, up to 512 s; one that reads 8 KiB a second never is',
  },
  keepAlive: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0.001,
    max: longestTimeout,
    default: 15,
    description: 'after how much silence a stream sends a comment',
  },
  maxOutputBytes: {
    kind: 'number',
    unit: 'bytes',
    min: 1,
    max: 1_073_741_824,
    default: defaultLimits.maxOutputBytes,
    description: 'how much text one turn may answer with',
  },
  maxEvents: {
    kind: 'number',
    min: 3,
    max: 10_000_000,
    default: defaultLimits.maxEvents,
    description: 'how many events one turn may have',
  },
} as const satisfies SettingGroup
