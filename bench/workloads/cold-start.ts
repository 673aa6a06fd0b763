import { spawnSync } from 'node:child_process'
import type { Bench, Workload } from '../bench.ts'
import { onServerCore } from '../measure/pin.ts'
import { alone, compare } from '../report/row.ts'
import { startServer } from '../servers/measured-server.ts'
import { bin, ourProgram, rawProgram } from '../servers/program-of.ts'

/** What is started: `colloquy serve` as it is, with a module, and the baseline. */
const programs = {
  assistant: (port: number) => [bin, 'serve', '--host', '127.0.0.1', '--port', String(port)],
  module: (port: number) => ourProgram('echo', [], port),
  raw: (port: number) => rawProgram('echo', [], port),
} as const

/** From a spawn to the first answer. */
export const coldStart: Workload = {
  name: 'cold-start',
  about: 'from the spawn to the first 200 on /health, and `colloquy --help`',
  async run(bench) {
    const starts = { assistant: [] as number[], module: [] as number[], raw: [] as number[] }
    const help: number[] = []
    const nothing: number[] = []
    for (let round = 0; round < bench.rounds; round += 1) {
      bench.progress(`cold start, round ${round + 1} of ${bench.rounds}`)
      for (const name of ['assistant', 'module', 'raw'] as const) {
        starts[name].push(await startTime(bench, name))
      }
      help.push(runTime(bench, [bin, '--help']))
      nothing.push(runTime(bench, ['--eval', '0']))
    }
    const bar = { of: 'ours', atMost: 300 } as const
    const time = (ms: number) => ms
    return [
      alone({ what: 'cold start, the assistant', unit: 'ms', bar }, starts.assistant),
      compare(
        { what: 'cold start, a module', unit: 'ms', bar },
        { ours: starts.module, raw: starts.raw },
        time,
      ),
      compare(
        {
          what: '`colloquy --help` (beside Node doing nothing)',
          unit: 'ms',
          bar: { of: 'ours', atMost: 150 },
        },
        { ours: help, raw: nothing },
        time,
      ),
    ]
  },
}

async function startTime({ folder, cores }: Bench, name: keyof typeof programs): Promise<number> {
  const side = name === 'raw' ? 'raw' : 'ours'
  const server = await startServer({ side, program: programs[name], folder, cores, inside: false })
  await server.close()
  return server.startMs
}

function runTime({ cores, faults }: Bench, args: readonly string[]): number {
  const [command = '', ...rest] = onServerCore(cores, [process.execPath, ...args])
  const begun = performance.now()
  const { status } = spawnSync(command, rest, { stdio: 'ignore' })
  const ms = performance.now() - begun
  if (status !== 0) faults.add(`a program ended with ${status}: ${args.at(-1)}`)
  return ms
}
