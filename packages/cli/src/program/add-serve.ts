import type { Command } from 'commander'
import { exitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'
import { addConfigOptions, type ConfigOptions, flagsOf, variablesHelp } from './setting-options.js'

/** Adds `colloquy serve`. */
export function addServe(program: Command, serve: ProgramParts['serve']): void {
  const command = program
    .command('serve')
    .description('serve a chat interface over HTTP')
    .argument('[module]', 'module whose default export answers messages; without it, the built-in assistant')
  addConfigOptions(command)
  command
    .addHelpText('after', serveHelp)
    .action((module: string | undefined, options: ConfigOptions) => serve(module, flagsOf(options)))
}

const serveHelp = `
${variablesHelp()}

A flag wins over its environment variable, which wins over the configuration file.

Examples:
  colloquy serve --port 0                       pick a free port
  colloquy serve ./bot.ts --log-level debug
  COLLOQUY_PORT=8080 colloquy serve ./bot.ts

SIGTERM and Ctrl-C let running answers finish (--shutdown-grace); a second one ends at once.
${exitCodes}; 130 or 143 after a second signal`
