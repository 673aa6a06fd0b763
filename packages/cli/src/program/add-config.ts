import type { Command } from 'commander'
import { addChatOptions, chatArgument } from './chat-options.js'
import { addExamples, type Example } from './examples.js'
import type { ProgramParts } from './program-parts.js'
import { addConfigOptions, type ConfigOptions, flagsOf } from './setting-options.js'

/** Adds `colloquy config`. */
export function addConfig(program: Command, config: ProgramParts['config']): void {
  const command = program
    .command('config')
    .description('show the configuration that serve would have, and where each value comes from')
    .argument('[chat]', chatArgument)
    .option('--json', 'print it as JSON')
  addConfigOptions(command)
  addChatOptions(command)
  addExamples(command, configExamples, {
    before: 'It takes the flags of serve, and serves nothing. Secrets are shown as ***.',
  })
  command.action((chat: string | undefined, options: ConfigOptions) =>
    config(chat, { ...flagsOf(options), json: options['json'] === true }),
  )
}

const configExamples: readonly Example[] = [
  ['colloquy config', 'what counts here'],
  'colloquy config --env-file .env --port 8080',
  'colloquy config --json',
]
