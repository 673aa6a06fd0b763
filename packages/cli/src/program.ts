import { Command } from 'commander'
import { printable } from './output/printable.js'
import { addChat } from './program/add-chat.js'
import { addCompletion } from './program/add-completion.js'
import { addConfig } from './program/add-config.js'
import { addDoctor } from './program/add-doctor.js'
import { addInit } from './program/add-init.js'
import { addKeys } from './program/add-keys.js'
import { addServe } from './program/add-serve.js'
import { addSessions } from './program/add-sessions.js'
import { exitCodes } from './program/exit-codes.js'
import type { ProgramParts } from './program/program-parts.js'
import { version } from './version.js'

/** The command line: its commands, flags and help. It never ends the process; wrong use is a `CommanderError`. */
export function createProgram({
  serve,
  chat,
  completion,
  config,
  doctor,
  init,
  keys,
  sessions,
  stdout,
  stderr,
}: ProgramParts): Command {
  const program = new Command('colloquy')
    .description('Put any chat backend behind an HTTP API, and talk to it.')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(printable(text)),
      getOutHelpWidth: () => stdout.columns ?? helpWidth,
      getErrHelpWidth: () => stderr.columns ?? helpWidth,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', programHelp)
  addServe(program, serve)
  addChat(program, chat)
  addConfig(program, config)
  addDoctor(program, doctor)
  addInit(program, init)
  addKeys(program, keys)
  addSessions(program, sessions)
  addCompletion(program, completion)
  return program
}

const helpWidth = 110

const programHelp = `
Examples:
  colloquy serve              serve the built-in assistant on http://localhost:8000
  colloquy serve ./bot.ts     serve a module whose default export answers messages
  colloquy serve ./bot.py     serve a program, in any language
  colloquy init my-bot        write a new bot, with a test
  colloquy chat Hello         say something to the server that runs

${exitCodes}`
