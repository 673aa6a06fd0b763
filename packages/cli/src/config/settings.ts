import { defaultLimits, ttlSecondsLimits } from '@colloquy/session'

interface Described {
  /** What it means, as a line of the help. */
  readonly description: string
}

/** A setting that is a host name or address. */
export interface HostSetting extends Described {
  readonly kind: 'host'
  readonly default: string
}

/** A setting that is a number, both ends of its range included. */
export interface NumberSetting extends Described {
  readonly kind: 'number'
  /** What it counts. Default: nothing that has a name. */
  readonly unit?: 'seconds' | 'bytes'
  /** Whether it may have a fraction. Default: no. */
  readonly fraction?: true
  readonly min: number
  readonly max: number
  readonly default: number
}

/** A setting that is one of a few words. */
export interface ChoiceSetting extends Described {
  readonly kind: 'choice'
  /** What the help calls the value. */
  readonly value: string
  readonly choices: readonly string[]
  readonly default: string
}

/** A setting that is a list; left out, it is empty. */
export interface ListSetting extends Described {
  readonly kind: 'hosts' | 'origins'
  /** A right value. */
  readonly example: string
}

/** A setting that is on or off. */
export interface SwitchSetting extends Described {
  readonly kind: 'switch'
  readonly default: boolean | 'on a terminal'
}

/** A setting of `colloquy serve`. */
export type Setting = HostSetting | ListSetting | NumberSetting | ChoiceSetting | SwitchSetting

/** The longest time-out, in seconds. A timer of more than 24.8 days would fire at once. */
const longest = 86_400

/**
 * Every setting of `colloquy serve`. Flags, variables, checks, the help and the type of the configuration come from
 * this table, so they can't disagree.
 */
export const settings = {
  host: {
    kind: 'host',
    default: 'localhost',
    description: 'host name or address to listen on',
  },
  port: {
    kind: 'number',
    min: 0,
    max: 65_535,
    default: 8000,
    description: 'port to listen on; 0 picks a free one',
  },
  allowedHost: {
    kind: 'hosts',
    example: 'chat.example.com',
    description:
      "host name that requests may be for, besides this machine's own: behind a proxy, the public one (repeatable)",
  },
  corsOrigin: {
    kind: 'origins',
    example: 'https://app.example.com',
    description:
      'origin of web pages that may use the API: https://app.example.com, https://*.example.com, or * (repeatable)',
  },
  corsCredentials: {
    kind: 'switch',
    default: false,
    description: 'let those pages send the cookies of their users; not with --cors-origin *',
  },
  sessionTtl: {
    kind: 'number',
    unit: 'seconds',
    ...ttlSecondsLimits,
    default: defaultLimits.sessionTtlMs / 1000,
    description: 'how long a session lives after its last turn',
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
  maxTurns: {
    kind: 'number',
    min: 1,
    max: 1_000_000,
    default: defaultLimits.maxTurns,
    description: 'how many turns may run at once',
  },
  firstChunkTimeout: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0.001,
    max: longest,
    default: defaultLimits.firstChunkTimeoutMs / 1000,
    description: 'how long an answer may take to begin',
  },
  chunkTimeout: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0.001,
    max: longest,
    default: defaultLimits.chunkTimeoutMs / 1000,
    description: 'how long an answer may pause',
  },
  turnTimeout: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0.001,
    max: longest,
    default: defaultLimits.turnTimeoutMs / 1000,
    description: 'how long a whole turn may take',
  },
  keepAlive: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0.001,
    max: longest,
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
  shutdownGrace: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0,
    max: longest,
    default: 30,
    description: 'how long running turns may go on after SIGTERM or SIGINT',
  },
  logLevel: {
    kind: 'choice',
    value: 'level',
    choices: ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'],
    default: 'info',
    description: 'least important lines to log: fatal, error, warn, info, debug, trace, or silent',
  },
  pretty: {
    kind: 'switch',
    default: 'on a terminal',
    description: 'log for people instead of as JSON',
  },
} as const satisfies Readonly<Record<string, Setting>>

/** The name of a setting, as the configuration has it. */
export type SettingName = keyof typeof settings

/** The names of all settings, in the order of the table. */
export const settingNames = Object.keys(settings) as readonly SettingName[]

type ValueOf<Kind extends Setting> = Kind extends { readonly choices: readonly (infer Choice)[] }
  ? Choice
  : {
      host: string
      hosts: readonly string[]
      origins: readonly string[]
      number: number
      choice: string
      switch: boolean
    }[Kind['kind']]

/** What `colloquy serve` is told, checked, with every default in place. Durations are in seconds. */
export type Config = { readonly [Name in SettingName]: ValueOf<(typeof settings)[Name]> }
