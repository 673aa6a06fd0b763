import type { Command } from 'commander'
import type { StatusFlags } from '../commands/status.js'
import { addExamples } from './examples.js'
import { serverExitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'
import { addServerOptions, keyHelp } from './server-options.js'

/** Adds `colloquy status`. */
export function addStatus(program: Command, status: ProgramParts['status']): void {
  const command = program
    .command('status')
    .description('show what a running server is and does')
    .option('--json', 'print it as JSON, as the HTTP API gives it')
    .action((flags: StatusFlags) => status(flags))
  addExamples(
    addServerOptions(command),
    [
      'colloquy status',
      'colloquy status --url https://chat.example.com',
      'colloquy status --json | jq .turns.running',
    ],
    { codes: serverExitCodes, before: keyHelp },
  )
}
