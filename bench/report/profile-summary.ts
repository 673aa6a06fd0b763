import type { Profiler } from 'node:inspector'

/** Where time went. */
export interface Share {
  readonly name: string
  /** In milliseconds, without what it called. */
  readonly selfMs: number
}

/** Where the time of some profiles went, most of it first, without idleness and what took the profile. */
export function summarize(profiles: readonly Profiler.Profile[]): {
  readonly packages: readonly Share[]
  readonly functions: readonly Share[]
} {
  const packages = new Map<string, number>()
  const functions = new Map<string, number>()
  for (const profile of profiles) {
    const times = selfTimes(profile)
    for (const { id, callFrame } of profile.nodes) {
      const ms = times.get(id) ?? 0
      const name = callFrame.functionName
      if (ms === 0 || name === '(idle)' || isOfProfiler(callFrame)) continue
      const from = packageOf(callFrame.url, name)
      add(packages, from, ms)
      const place = callFrame.url === '' ? '' : `:${callFrame.lineNumber + 1}`
      add(functions, `${name || '(anonymous)'} — ${from}${place}`, ms)
    }
  }
  return { packages: inOrder(packages), functions: inOrder(functions) }
}

/** Shares as lines of text, with their part of the whole. */
export function shareLines(shares: readonly Share[], most: number): string {
  const total = shares.reduce((sum, { selfMs }) => sum + selfMs, 0)
  return shares
    .slice(0, most)
    .map(({ name, selfMs }) => `${((100 * selfMs) / total).toFixed(1).padStart(5)} %  ${name}`)
    .join('\n')
}

/** How long each node was on top, in milliseconds. */
function selfTimes({ samples = [], timeDeltas = [] }: Profiler.Profile): Map<number, number> {
  const times = new Map<number, number>()
  for (const [n, id] of samples.entries()) add(times, id, (timeDeltas[n] ?? 0) / 1_000)
  return times
}

/** What takes the profile has a part in it. */
function isOfProfiler({ url }: Profiler.ProfileNode['callFrame']): boolean {
  return url === 'node:inspector' || url.endsWith('/inside-server.ts')
}

/** Of which package, or which part of Node, a function is. */
function packageOf(url: string, name: string): string {
  if (url === '') return name.startsWith('(') ? 'engine' : 'built in'
  if (url.startsWith('node:')) return url
  const installed = /.*\/node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(url)?.[1]
  return installed ?? /\/((?:packages|apps|bench)\/[^/]+)/.exec(url)?.[1] ?? url
}

function add<Key>(sums: Map<Key, number>, key: Key, value: number): void {
  sums.set(key, (sums.get(key) ?? 0) + value)
}

function inOrder(sums: ReadonlyMap<string, number>): Share[] {
  return [...sums].map(([name, selfMs]) => ({ name, selfMs })).sort((a, b) => b.selfMs - a.selfMs)
}
