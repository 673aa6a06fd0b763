import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adapt, readSnippet } from './read-snippet.ts'
import { testReverseProxy } from './reverse-proxy-suite.ts'
import { startProgram } from './start-program.ts'

const caddy = '/usr/bin/caddy'
const snippet = readSnippet('Caddyfile')

/** No port for changes of its configuration, and no other machine. */
const globalOptions = `{
  admin off
  default_bind 127.0.0.1
}
`

testReverseProxy({
  name: 'Caddy',
  missing: existsSync(caddy) ? null : `there is no ${caddy}; Debian's package caddy has it`,
  idleMs: Number(/keepalive (\d+)s/.exec(snippet)?.[1]) * 1000,
  async start({ listen, server }) {
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-caddy-'))
    const config = join(folder, 'Caddyfile')
    await writeFile(
      config,
      globalOptions +
        adapt(snippet, {
          '127.0.0.1:8000': `127.0.0.1:${server}`,
          // Without TLS: a certificate comes from the network.
          'chat.example.com {': `http://chat.example.com:${listen} {`,
        }),
    )
    const { close } = await startProgram(
      [caddy, 'run', '--config', config, '--adapter', 'caddyfile'],
      (line) => line.includes('serving initial configuration'),
      { env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } },
    )
    return {
      async close() {
        await close()
        await rm(folder, { recursive: true })
      },
    }
  },
})
