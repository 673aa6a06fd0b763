import { readdirSync, readFileSync } from 'node:fs'
import type { Profiler } from 'node:inspector'
import { join } from 'node:path'
import { shareLines, summarize } from './profile-summary.ts'

/** So many functions are told. */
const mostFunctions = 40

/** What the profiles in a folder say, as text. */
export function describeProfiles(folder: string): string {
  const files = readdirSync(folder).filter((name) => name.endsWith('.cpuprofile'))
  const profiles = files.map(
    (name) => JSON.parse(readFileSync(join(folder, name), 'utf8')) as Profiler.Profile,
  )
  const { packages, functions } = summarize(profiles)
  return `Our server's own time, by package:

${shareLines(packages, packages.length)}

by function:

${shareLines(functions, mostFunctions)}

${files.length} profiles are in ${folder}: the developer tools of a browser show them.
`
}
