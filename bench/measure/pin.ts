import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

/** Which core each side runs on; null where there is only one, or they can't be told apart. */
export interface Cores {
  readonly server: number
  readonly load: number
}

/** Keeps this process, which makes the load, on one core, and says which one is left for the servers. */
export function pin(): Cores | null {
  const cores = allowedCores()
  const [server] = cores
  const load = cores.at(-1)
  if (server === undefined || load === undefined || server === load) return null
  const { status } = spawnSync('taskset', ['-acp', String(load), String(process.pid)], { stdio: 'ignore' })
  return status === 0 ? { server, load } : null
}

/** The command that runs a program on the servers' core. */
export function onServerCore(cores: Cores | null, command: readonly string[]): readonly string[] {
  return cores === null ? command : ['taskset', '-c', String(cores.server), ...command]
}

function allowedCores(): number[] {
  const [, list = ''] = /^Cpus_allowed_list:\s+(\S+)$/m.exec(readFileSync('/proc/self/status', 'utf8')) ?? []
  return list.split(',').flatMap((range) => {
    const [from = 0, to = from] = range.split('-').map(Number)
    return Array.from({ length: to - from + 1 }, (_, i) => from + i)
  })
}
