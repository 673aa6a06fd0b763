import { Command } from 'commander'
import { printable } from './output/printable.js'
import { addChat } from './program/add-chat.js'
import { addCompletion } from './program/add-completion.js'
import { addConfig } from './program/add-config.js'
import { addDoctor } from './program/add-doctor.js'
import { addHealth } from './program/add-health.js'
import { addInit } from './program/add-init.js'
import { addKeys } from './program/add-keys.js'
import { addOpenapi } from './program/add-openapi.js'
import { addServe } from './program/add-serve.js'
import { addSessions } from './program/add-sessions.js'
import { addStatus } from './program/add-status.js'
import { addExamples, type Example } from './program/examples.js'
import { serverExitCodes } from './program/exit-codes.js'
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
  status,
  health,
  openapi,
  stdout,
  stderr,
}: ProgramParts): Command {
  const program = new Command('colloquy')
    .description('Put any chat backend behind an HTTP API, and talk to it.')
    .version(version(), '-v, --version', 'show the version')
    .exitOverride()
    .configureHelp({ minWidthToWrap: 10 }) // also on narrow screens
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(printable(text)),
      getOutHelpWidth: () => stdout.columns ?? helpWidth,
      getErrHelpWidth: () => stderr.columns ?? helpWidth,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
  addExamples(program, programExamples, { codes: serverExitCodes })
  addServe(program, serve)
  addChat(program, chat)
  addConfig(program, config)
  addDoctor(program, doctor)
  addInit(program, init)
  addKeys(program, keys)
  addSessions(program, sessions)
  addCompletion(program, completion)
  addStatus(program, status)
  addHealth(program, health)
  addOpenapi(program, openapi)
  for (const command of commandsOf(program)) command.showHelpAfterError(`See: ${pathOf(command)} --help`)
  return program
}

/** A command and all below it. */
function commandsOf(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(commandsOf)]
}

/** What is typed to call a command. */
function pathOf(command: Command): string {
  return command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`
}

const helpWidth = 110

const programExamples: readonly Example[] = [
  ['colloquy serve', 'serve the built-in assistant on http://localhost:8000'],
  ['colloquy serve ./bot.ts', 'serve a module whose default export answers messages'],
  ['colloquy serve ./bot.py', 'serve a program, in any language'],
  ['colloquy init my-bot', 'write a new bot, with a test'],
  ['colloquy chat Hello', 'say something to the server that runs'],
  ['colloquy sessions list', 'look at the sessions of the server that runs'],
  ['colloquy help keys create', 'the help of any command'],
]
