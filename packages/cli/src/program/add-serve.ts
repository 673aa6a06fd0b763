import type { Command } from 'commander'
import { addChatOptions, chatArgument } from './chat-options.js'
import { addExamples, type Example } from './examples.js'
import { exitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'
import { addConfigOptions, type ConfigOptions, flagsOf, variablesHelp } from './setting-options.js'

/** Adds `colloquy serve`. */
export function addServe(program: Command, serve: ProgramParts['serve']): void {
  const command = program
    .command('serve')
    .description('serve a chat interface over HTTP')
    .argument('[chat]', chatArgument)
  addConfigOptions(command)
  addChatOptions(command)
  addExamples(command, serveExamples, {
    codes: `SIGTERM and Ctrl-C let running answers finish (--shutdown-grace); a second one ends at once.\n${exitCodes}; 130 or 143 after a second signal`,
    before: (columns) =>
      `${variablesHelp(columns)}\n\nA flag wins over its environment variable, which wins over the configuration file.`,
  })
  command.action((chat: string | undefined, options: ConfigOptions) => serve(chat, flagsOf(options)))
}

const serveExamples: readonly Example[] = [
  ['colloquy serve --port 0', 'pick a free port'],
  'colloquy serve ./bot.ts --log-level debug',
  'COLLOQUY_PORT=8080 colloquy serve ./bot.ts',
  ['colloquy serve ./bot.py', 'a program in any language'],
  ['colloquy serve --model openai/gpt-5-mini', 'the built-in assistant, with a model (OPENAI_API_KEY)'],
  'colloquy serve --chat shop=./shop.ts --chat help=model:ollama/llama3.2',
]
