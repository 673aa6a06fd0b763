import { longestTimeout, type SettingGroup } from '../setting.js'

/** How the process starts, stops and tells what it does. */
export const operationSettings = {
  startDegraded: {
    kind: 'switch',
    default: false,
    description:
      'listen before everything has started, tell at /health what has not, and try again what fails',
  },
  workers: {
    kind: 'number',
    min: 1,
    max: 64,
    default: 1,
    description:
      'processes on one port; more than one need a store that they can share, and there is none yet',
  },
  open: {
    kind: 'switch',
    default: false,
    description: 'open the documentation in the browser, once the server listens',
  },
  shutdownGrace: {
    kind: 'number',
    unit: 'seconds',
    fraction: true,
    min: 0,
    max: longestTimeout,
    default: 30,
    description: 'how long running turns may go on after SIGTERM or SIGINT',
  },
  metricsPort: {
    kind: 'number',
    min: 0,
    max: 65_535,
    default: null,
    example: '9464',
    description:
      'port of its own for /metrics, which is otherwise on the port of the API; 0 picks a free one',
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
} as const satisfies SettingGroup
