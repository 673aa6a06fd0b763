import type { Command } from 'commander'
import type { OpenapiFlags } from '../commands/openapi.js'
import { addExamples } from './examples.js'
import { serverExitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'

/** Adds `colloquy openapi`. */
export function addOpenapi(program: Command, openapi: ProgramParts['openapi']): void {
  const command = program
    .command('openapi')
    .description('write the OpenAPI document of the HTTP API')
    .option('--yaml', 'as YAML (default: JSON, or what the ending of --output says)')
    .option('--output <file>', 'file to write (default: stdout)')
    .option('--url <url>', 'that of the server there (default: that of this version, without a server)')
    .option('--timeout <seconds>', 'how long that server may take (default: 30)')
    .action((flags: OpenapiFlags) => openapi(flags))
  addExamples(
    command,
    [
      'colloquy openapi --output openapi.json',
      'colloquy openapi --yaml | less',
      'colloquy openapi --url https://chat.example.com --output openapi.yaml',
    ],
    { codes: serverExitCodes },
  )
}
