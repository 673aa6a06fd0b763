import type { Command } from 'commander'
import { addChatOptions, chatArgument } from './chat-options.js'
import { addExamples, type Example } from './examples.js'
import { exitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'
import { addConfigOptions, type ConfigOptions, flagsOf } from './setting-options.js'

/** Adds `colloquy doctor`. */
export function addDoctor(program: Command, doctor: ProgramParts['doctor']): void {
  const command = program
    .command('doctor')
    .description('look for what would keep serve from working, and say how to mend it')
    .argument('[chat]', chatArgument)
    .option('--url <url>', 'look at this running server instead, and at what stands in front of it')
    .option(
      '--message <text>',
      'with --url: say this, and watch how the answer comes; only that tells whether streams are held back. What answers there is asked, at its cost',
    )
    .option('--json', 'print the findings as JSON')
  addConfigOptions(command)
  addChatOptions(command)
  addExamples(command, doctorExamples, {
    codes: `${exitCodes}; 1 also where there is a fault`,
    before: `It takes the flags of serve, starts what answers and stops it again, and serves nothing. With --url, the variable COLLOQUY_API_KEY holds the key to send, if the server wants one.`,
  })
  command.action((chat: string | undefined, { url, message, json, ...options }: ConfigOptions) =>
    doctor(chat, {
      ...flagsOf(options),
      url: typeof url === 'string' ? url : undefined,
      message: typeof message === 'string' ? message : undefined,
      json: json === true,
    }),
  )
}

const doctorExamples: readonly Example[] = [
  'colloquy doctor ./bot.ts --data-dir data',
  'colloquy doctor --json',
  'colloquy doctor --url https://chat.example.com',
  'colloquy doctor --url https://chat.example.com --message Hello',
]
