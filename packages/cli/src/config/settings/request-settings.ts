import { defaultLimits } from '@colloquy/session'
import { longestTimeout, type SettingGroup } from '../setting.js'

/** What a request may be. */
export const requestSettings = {
  maxMessageLength: {
    kind: 'number',
    min: 1,
    max: 10_000_000,
    default: defaultLimits.maxMessageLength,
    description: 'longest message of a user, in characters',
  },
  bodyLimit: {
    kind: 'number',
    unit: 'bytes',
    min: 1_024,
    max: 104_857_600,
    default: 1_048_576,
    description: 'largest body of a request',
  },
  requestTimeout: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 1,
    max: longestTimeout,
    default: 60,
    description: 'how long a request may take to arrive, with its body',
  },
} as const satisfies SettingGroup
