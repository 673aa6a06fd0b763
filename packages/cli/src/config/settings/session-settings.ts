import { defaultLimits, ttlSecondsLimits } from '@colloquy/session'
import type { SettingGroup } from '../setting.js'

/** How long sessions live, and how many. */
export const sessionSettings = {
  sessionTtl: {
    kind: 'number',
    unit: 'seconds',
    ...ttlSecondsLimits,
    default: defaultLimits.sessionTtlMs / 1000,
    description: 'how long a session lives after its last turn',
  },
  sessionMaxAge: {
    kind: 'number',
    unit: 'seconds',
    min: 1,
    max: 315_360_000, // ten years
    default: null,
    example: '2592000',
    description: 'how long a session may live however active it is; while it may, it keeps all its turns',
  },
  maxSessions: {
    kind: 'number',
    min: 1,
    max: 10_000_000,
    default: defaultLimits.maxSessions,
    description: 'how many sessions may exist',
  },
  whenFull: {
    kind: 'choice',
    value: 'way',
    choices: ['evict', 'reject'],
    default: defaultLimits.whenFull,
    description: 'what happens to the next session then: evict the idlest one, or reject the new one',
  },
  historyLimit: {
    kind: 'number',
    min: 0,
    max: 100_000,
    default: defaultLimits.historyLimit,
    description: 'how many earlier messages the chat interface is given',
  },
} as const satisfies SettingGroup
