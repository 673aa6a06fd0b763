import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { adapt, readSnippet } from './read-snippet.ts'
import { testReverseProxy } from './reverse-proxy-suite.ts'
import { startProgram } from './start-program.ts'

const nginx = '/usr/sbin/nginx'
const snippet = readSnippet('nginx.conf')

testReverseProxy({
  name: 'nginx',
  missing: existsSync(nginx) ? null : `there is no ${nginx}; Debian's package nginx has it`,
  idleMs: Number(/keepalive_timeout (\d+)s/.exec(snippet)?.[1]) * 1000,
  async start({ listen, server }) {
    const prefix = await mkdtemp(join(tmpdir(), 'colloquy-nginx-'))
    await writeFile(
      join(prefix, 'colloquy.conf'),
      adapt(snippet, {
        '127.0.0.1:8000': `127.0.0.1:${server}`,
        'listen 80;': `listen 127.0.0.1:${listen};`,
      }),
    )
    await writeFile(join(prefix, 'nginx.conf'), around(prefix))
    const command = [nginx, '-p', prefix, '-c', join(prefix, 'nginx.conf'), '-e', 'stderr']
    // It says so when it has bound its ports.
    const { close } = await startProgram(command, (line) => line.includes('event method'))
    return {
      async close() {
        await close()
        await rm(prefix, { recursive: true })
      },
    }
  },
})

/** What Debian's own nginx.conf does for the snippet, for a user without rights: all files under `prefix`, one process. */
function around(prefix: string): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  return `
daemon off;
master_process off;
pid ${prefix}/nginx.pid;
error_log stderr notice;
events {}
http {
  access_log off;
  ${temporary.map((name) => `${name}_temp_path ${prefix}/${name};`).join('\n  ')}
  include ${prefix}/colloquy.conf;
}
`
}
