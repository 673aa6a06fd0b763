import { readdirSync, readFileSync } from 'node:fs'

/** Linux tells the times of ended children in hundredths of a second, whatever its own clock. */
const nanosecondsPerTick = 10_000_000

/**
 * How long a process, its threads and its descendants have been on a processor so far, in nanoseconds, as the operating
 * system accounts for it. Of what has ended already, processes count (to a hundredth of a second), threads do not.
 */
export function cpuOfProcessTree(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + cpuOf(each), 0)
}

/** How much memory a process and its descendants have in use, in bytes; what they share counts for each. */
export function memoryOfProcessTree(pid: number): number {
  return processTree(pid).reduce((sum, each) => sum + residentOf(each), 0)
}

/** A process and its descendants that are running. */
function processTree(pid: number): number[] {
  const children = readdirSync(`/proc/${pid}/task`).flatMap((task) =>
    (readProc(`${pid}/task/${task}/children`) ?? '').split(' ').filter(Boolean).map(Number),
  )
  return [pid, ...children.flatMap(processTree)]
}

function cpuOf(pid: number): number {
  const [utime, stime, cutime, cstime] = ticksOf(pid)
  const threads = readdirSync(`/proc/${pid}/task`).map((task) =>
    Number(readProc(`${pid}/task/${task}/schedstat`)?.split(' ')[0] ?? 0),
  )
  const own = threads.reduce((sum, each) => sum + each, 0)
  // Where the kernel keeps no such statistics, they are missing or 0.
  return (own > 0 ? own : (utime + stime) * nanosecondsPerTick) + (cutime + cstime) * nanosecondsPerTick
}

/** Its own time in programs and in the kernel, and that of its ended children (proc(5), fields 14 to 17 of `stat`). */
function ticksOf(pid: number): readonly [number, number, number, number] {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name, in brackets, may hold anything; field 3 follows it.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  const [utime = 0, stime = 0, cutime = 0, cstime = 0] = fields.slice(11, 15).map(Number)
  return [utime, stime, cutime, cstime]
}

function residentOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? []
  return Number(kilobytes ?? 0) * 1024
}

/** A file of /proc; undefined when it is gone: threads come and go. */
function readProc(path: string): string | undefined {
  try {
    return readFileSync(`/proc/${path}`, 'utf8')
  } catch {
    return undefined
  }
}
