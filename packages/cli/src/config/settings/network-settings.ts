import type { SettingGroup } from '../setting.js'

/** Where the server listens, and for whom. */
export const networkSettings = {
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
  nextPort: {
    kind: 'switch',
    default: false,
    description: 'when the port is taken, listen on the next free one of the 20 behind it',
  },
  allowedHost: {
    kind: 'hosts',
    example: 'chat.example.com',
    description:
      "host name that requests may be for, besides this machine's own: behind a proxy, the public one (repeatable)",
  },
  trustProxy: {
    kind: 'proxies',
    example: '1',
    description:
      'proxies whose X-Forwarded headers are believed: how many stand in front, or their addresses, ranges ' +
      'such as 10.0.0.0/8, or loopback, linklocal, uniquelocal (repeatable)',
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
} as const satisfies SettingGroup
