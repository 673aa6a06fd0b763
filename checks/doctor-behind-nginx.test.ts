import { join } from 'node:path'
import { serve } from '@colloquy/server'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it, onTestFinished } from 'vitest'
import { freePort } from './free-port.ts'
import { root } from './read-workspace.ts'
import { runNode } from './run-node.ts'
import { noNginx, startNginx } from './start-nginx.ts'

/** How long the answer takes, in milliseconds: long enough to see how it comes. */
const answerMs = 600

/** A server behind nginx, which has these lines of its own. */
async function startBehind(lines: string): Promise<string> {
  const manager = createSessionManager({
    store: createMemoryStore(),
    chat: {
      name: 'slow',
      async *reply() {
        yield 'one '
        await new Promise((resolve) => setTimeout(resolve, answerMs))
        yield 'two'
      },
    },
  })
  const server = await serve({ manager, host: '127.0.0.1', port: 0 })
  onTestFinished(() => server.close({ grace: 0 }))
  const port = await freePort()
  const running = await startNginx(`
    server {
      listen 127.0.0.1:${port};
      location / {
        proxy_pass http://127.0.0.1:${server.port};
        proxy_set_header Host $http_host;
        ${lines}
      }
    }`)
  onTestFinished(() => running.close())
  return `http://127.0.0.1:${port}`
}

/** What the built command finds about the streams of a server. */
async function found(url: string, ...argv: readonly string[]) {
  const bin = join(root, 'packages/cli/dist/bin.js')
  const { stdout } = await runNode([bin, 'doctor', '--json', '--url', url, ...argv], { cwd: root })
  const { findings } = JSON.parse(stdout) as {
    readonly findings: readonly { check: string; status: string; found: string }[]
  }
  return findings.filter(({ check }) => check === 'streams' || check === 'compression')
}

const why = noNginx === null ? '' : ` (skipped: ${noNginx})`

describe.skipIf(noNginx !== null)(`colloquy doctor and a server behind nginx${why}`, () => {
  it.each([
    ['that buffers, as it does by default', ''],
    ['that does not buffer', 'proxy_buffering off;'],
  ])('finds streams in order behind one %s: the server asks it not to', async (_what, lines) => {
    expect(await found(await startBehind(lines), '--message', 'Hello')).toMatchObject([
      { check: 'streams', status: 'ok' },
    ])
  })

  it('finds that one holds streams back which buffers, and does not listen to the server', async () => {
    const url = await startBehind('proxy_ignore_headers X-Accel-Buffering;')
    expect(await found(url, '--message', 'Hello')).toMatchObject([
      { check: 'streams', status: 'fault', found: expect.stringMatching(/^Streams are held back: /) },
    ])
  })

  it('finds that one compresses streams', async () => {
    const url = await startBehind(
      'proxy_http_version 1.1; gzip on; gzip_proxied any; gzip_min_length 1; gzip_types text/event-stream;',
    )
    expect(await found(url, '--message', 'Hello')).toMatchObject([
      { check: 'streams', status: 'warning', found: expect.stringContaining('compresses streams (gzip)') },
      { check: 'streams' },
    ])
  })
})
