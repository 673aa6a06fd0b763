import type { Command } from 'commander'
import type { ChatFlags } from '../commands/chat.js'
import { exitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'

/** Adds `colloquy chat`. */
export function addChat(program: Command, chat: ProgramParts['chat']): void {
  program
    .command('chat')
    .description('talk to a running server')
    .argument('[text...]', 'what to say; without it, what is piped in, or a prompt on a terminal')
    .option('--url <url>', 'where the server is (default: http://localhost:8000; COLLOQUY_URL)')
    .option('--session <id>', 'go on in this session (default: a new one)')
    .option('--json', 'print the whole answer as JSON')
    .addHelpText('after', chatHelp)
    .action((words: string[], options: ChatFlags) => chat(words, options))
}

const chatHelp = `
The variable COLLOQUY_API_KEY holds the key to send, if the server wants one.

Examples:
  colloquy chat                          prompt for messages
  colloquy chat Show me some chairs      say one thing
  echo hi | colloquy chat --json         say what is piped in, print JSON

${exitCodes}`
