import type { SettingGroup } from '../setting.js'

/** Who may use the API. */
export const accessSettings = {
  apiKeysFile: {
    kind: 'file',
    example: 'keys.txt',
    description: 'file of the keys that callers need, one name:sha256hex a line; colloquy keys writes it',
  },
  apiKeys: {
    kind: 'apiKeys',
    flag: false,
    secret: true,
    // Of no key that anybody has.
    example: `web-shop:${'0123456789abcdef'.repeat(4)}`,
    description: 'the keys that callers need, each as name:sha256hex; colloquy keys create makes one',
  },
  allowUnauthenticated: {
    kind: 'switch',
    default: false,
    description: 'listen beyond this machine without keys',
  },
  docs: {
    kind: 'choice',
    value: 'who',
    choices: ['open', 'key', 'off'],
    default: 'open',
    description:
      'who may read /docs, /redoc and /openapi.json: open to everybody; key, callers with a key, which is for programs: ' +
      "a browser sends none, and can't show the pages then; or off",
  },
} as const satisfies SettingGroup
