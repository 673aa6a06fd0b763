import type { Command } from 'commander'
import type { InitFlags } from '../commands/init.js'
import { templateNames, templates } from '../init/templates.js'
import { exitCodes } from './exit-codes.js'

/** What `colloquy init` does. */
export type Init = (folder: string | undefined, flags: InitFlags) => Promise<void>

/** Adds `colloquy init`. */
export function addInit(program: Command, init: Init): void {
  program
    .command('init')
    .description('write a new bot, with a test and a README')
    .argument('[folder]', 'where (default: the working directory)')
    .option(
      '--template <name>',
      `${templateNames.join(', ')} (default: asked on a terminal; function elsewhere)`,
    )
    .option('--force', 'replace files that are there')
    .option('--json', 'print what was written as JSON')
    .addHelpText('after', initHelp)
    .action((folder: string | undefined, flags: InitFlags) => init(folder, flags))
}

const initHelp = `
Templates:
${templateNames.map((name) => `  ${name.padEnd(10)}${templates[name].description}`).join('\n')}

Examples:
  colloquy init my-bot
  colloquy init my-bot --template model
  colloquy init --template process --force

${exitCodes}`
