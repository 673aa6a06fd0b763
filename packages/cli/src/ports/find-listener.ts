import { execFile } from 'node:child_process'
import { readdir, readFile, readlink } from 'node:fs/promises'
import { platform } from 'node:os'
import { basename } from 'node:path'
import { promisify } from 'node:util'

/** A process that listens. Its arguments are left out: they may hold secrets. */
export interface Listener {
  readonly pid: number
  /** The name of its program. */
  readonly program: string
}

/** How long `lsof` may take, in milliseconds. */
const lsofMs = 2_000

/** The process that listens on a TCP port of this machine; undefined where the system does not tell. It never fails. */
export async function findListener(port: number, system = platform()): Promise<Listener | undefined> {
  try {
    if (system === 'linux') return await inProc(port)
    if (system === 'darwin') return await byLsof(port)
  } catch {
    // nothing depends on it but what is told
  }
  return undefined
}

/** By the numbers of the sockets that listen, and the open files of the processes that may be looked into. */
async function inProc(port: number): Promise<Listener | undefined> {
  const tables = await Promise.all(
    ['tcp', 'tcp6'].map((table) => readFile(`/proc/net/${table}`, 'utf8').catch(() => '')),
  )
  const sockets = new Set(tables.flatMap((table) => listeningSockets(table, port)))
  if (sockets.size === 0) return undefined
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const files = await readdir(`/proc/${pid}/fd`).catch(() => [])
    for (const file of files) {
      const target = await readlink(`/proc/${pid}/fd/${file}`).catch(() => '')
      if (sockets.has(target))
        return { pid: Number(pid), program: basename(await readlink(`/proc/${pid}/exe`)) }
    }
  }
  return undefined
}

/** As links to them are written: `socket:[12345]`. The table is that of proc_net(5): addresses in hexadecimal, 0A listens. */
function listeningSockets(table: string, port: number): string[] {
  const ending = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  return table.split('\n').flatMap((line) => {
    const fields = line.trim().split(/\s+/)
    return fields[1]?.endsWith(ending) === true && fields[3] === '0A' ? [`socket:[${fields[9]}]`] : []
  })
}

async function byLsof(port: number): Promise<Listener | undefined> {
  const args = ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']
  const { stdout } = await promisify(execFile)('lsof', args, { timeout: lsofMs })
  const [, pid, program] = /^p(\d+)\nc(.+)$/m.exec(stdout) ?? []
  return pid === undefined || program === undefined ? undefined : { pid: Number(pid), program }
}
