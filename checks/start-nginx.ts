import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startProgram } from './start-program.ts'

const nginx = '/usr/sbin/nginx'

/** Why nginx can't be started here; null when it can. */
export const noNginx: string | null = existsSync(nginx)
  ? null
  : `there is no ${nginx}; Debian's package nginx has it`

/** Starts nginx with a configuration of what is inside its `http` block. Resolves when it listens. */
export async function startNginx(conf: string): Promise<{ close(): Promise<void> }> {
  const prefix = await mkdtemp(join(tmpdir(), 'colloquy-nginx-'))
  await writeFile(join(prefix, 'inside.conf'), conf)
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
}

/** What Debian's own nginx.conf does around it, for a user without rights: all files under `prefix`, one process. */
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
  include ${prefix}/inside.conf;
}
`
}
