// `pnpm bench`: docs/benchmarks.md says what is measured, and how.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import type { Bench, Workload } from './bench.ts'
import { helpText, type Options, readCommandLine, UsageError } from './command-line.ts'
import { pin } from './measure/pin.ts'
import { createProgress } from './progress.ts'
import { Faults } from './report/faults.ts'
import { describeMachine, machineLine } from './report/machine.ts'
import { describeProfiles } from './report/print-profile.ts'
import { type Result, tableOf } from './report/table.ts'
import { workloads } from './workloads/all.ts'

try {
  const names = workloads.map(({ name }) => name)
  const options = readCommandLine(process.argv.slice(2), names)
  if (options.help) process.stdout.write(helpText(workloads))
  else process.exitCode = await bench(options)
} catch (error) {
  if (!(error instanceof UsageError)) throw error
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
}

/** @returns the exit code */
async function bench({ quick, only, rounds, json, profile }: Options): Promise<number> {
  const faults = new Faults()
  const progress = createProgress(process.stderr)
  const cores = pin()
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(130))
  const parts: Bench = {
    rounds,
    size: (full, little) => (quick ? little : full),
    faults,
    folder,
    cores,
    progress: progress.tell,
    profiles: profile === null ? null : profileFolder(profile),
  }
  const results: Result[] = []
  for (const workload of workloads) {
    if (only !== null && !only.includes(workload.name)) continue
    results.push({ workload: workload.name, rows: await rowsOf(workload, parts) })
  }
  progress.clear()
  const machine = describeMachine(cores)
  const date = new Date().toISOString()
  const style = quick ? 'quick: the figures say nothing' : `${rounds} rounds`
  process.stdout.write(`${date.slice(0, 10)}, ${machineLine(machine)}; ${style}\n\n${tableOf(results)}`)
  if (parts.profiles !== null) {
    process.stdout.write(`\n${describeProfiles(relative(process.cwd(), parts.profiles))}`)
  }
  if (json !== null) {
    const outcome = { count: faults.count, first: faults.told }
    writeFileSync(
      json,
      `${JSON.stringify({ date, machine, quick, rounds, results, faults: outcome }, null, 2)}\n`,
    )
  }
  return tellFaults(faults)
}

/** What went wrong in one workload is told at the end, and keeps none of the others back. */
async function rowsOf({ name, run }: Workload, bench: Bench): Promise<Result['rows']> {
  bench.faults.at(name)
  try {
    return await run(bench)
  } catch (error) {
    bench.faults.add(error instanceof Error ? (error.stack ?? error.message) : String(error))
    return []
  }
}

function tellFaults({ count, told }: Faults): number {
  if (count === 0) {
    process.stdout.write('\nEvery answer was right.\n')
    return 0
  }
  process.stderr.write(
    `\n${count} faults. The first of them:\n${told.map((fault) => `- ${fault}\n`).join('')}`,
  )
  return 1
}

/** An empty folder for profiles of a workload. */
function profileFolder(workload: string): string {
  const folder = join(import.meta.dirname, '../.cache/profiles', workload)
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  return folder
}
