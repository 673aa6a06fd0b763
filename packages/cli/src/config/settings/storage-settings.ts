import type { SettingGroup } from '../setting.js'

/** Where sessions are kept. */
export const storageSettings = {
  store: {
    kind: 'store',
    default: 'memory',
    example: 'sqlite:colloquy.db',
    description:
      'where sessions are kept: in memory, until the process ends, or by SQLite in a file, which one process at a time has; ' +
      'with --data-dir, that is colloquy.db there, unless a store is named',
  },
  dataDir: {
    kind: 'folder',
    example: 'data',
    description: 'folder for what is to outlive the process; it is made when it is missing',
  },
} as const satisfies SettingGroup
