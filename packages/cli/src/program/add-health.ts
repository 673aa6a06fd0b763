import type { Command } from 'commander'
import type { HealthFlags } from '../commands/health.js'
import { addExamples } from './examples.js'
import { serverExitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'
import { addServerOptions } from './server-options.js'

/** Adds `colloquy health`. */
export function addHealth(program: Command, health: ProgramParts['health']): void {
  const command = program
    .command('health')
    .description('ask a running server how it and its components are doing; the exit code tells')
    .option('--wait <seconds>', 'wait up to so long until it is healthy (default: ask once)')
    .option('--strict', 'end with 1 also when it is degraded')
    .option('--json', 'print it as JSON, as the HTTP API gives it')
    .action((flags: HealthFlags) => health(flags))
  addExamples(
    addServerOptions(command),
    [
      'colloquy health',
      ['colloquy health --wait 30', 'for scripts that have started a server'],
      ['colloquy health --strict --json', 'for a monitor'],
    ],
    { codes: serverExitCodes, before: meaning },
  )
}

const meaning = `It ends with 0 when the server is healthy, or degraded (it answers, and something is not as it should be), with 1 when it is unhealthy, and with 5 when none answers. It needs no key.`
