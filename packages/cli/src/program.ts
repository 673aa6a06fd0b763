import { Command, Option } from 'commander'
import type { ChatFlags } from './commands/chat.js'
import { defaultOf, placeholderOf } from './config/describe-setting.js'
import type { Flags } from './config/read-config.js'
import { flagOf, variableOf } from './config/setting-names.js'
import { type SettingName, settingNames, settings } from './config/settings.js'
import type { Output } from './main-options.js'
import { version } from './version.js'

/** What the commands do, and where the program writes. */
export interface ProgramParts {
  readonly serve: (module: string | undefined, flags: Flags) => Promise<void>
  readonly chat: (words: readonly string[], flags: ChatFlags) => Promise<void>
  readonly stdout: Output
  readonly stderr: Output
}

/** The command line: its commands, flags and help. It never ends the process; wrong use is a `CommanderError`. */
export function createProgram({ serve, chat, stdout, stderr }: ProgramParts): Command {
  const program = new Command('colloquy')
    .description('Put any chat backend behind an HTTP API, and talk to it.')
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => stdout.write(text),
      writeErr: (text) => stderr.write(text),
      getOutHelpWidth: () => stdout.columns ?? helpWidth,
      getErrHelpWidth: () => stderr.columns ?? helpWidth,
      getOutHasColors: () => false,
      getErrHasColors: () => false,
    })
    .addHelpText('after', programHelp)
  addServe(program, serve)
  addChat(program, chat)
  return program
}

const helpWidth = 110

const exitCodes = 'Exit codes: 0 done, 1 failed, 2 called or configured wrongly'

const programHelp = `
Examples:
  colloquy serve              serve the built-in assistant on http://localhost:8000
  colloquy serve ./bot.ts     serve a module whose default export answers messages
  colloquy chat Hello         say something to the server that runs

${exitCodes}`

function addServe(program: Command, serve: ProgramParts['serve']): void {
  const command = program
    .command('serve')
    .description('serve a chat interface over HTTP')
    .argument('[module]', 'module whose default export answers messages; without it, the built-in assistant')
  for (const name of settingNames) for (const option of optionsOf(name)) command.addOption(option)
  command
    .addHelpText('after', serveHelp)
    .action((module: string | undefined, options: Record<string, string | boolean>) =>
      serve(module, flagsOf(options)),
    )
}

const serveHelp = `
A flag wins over its environment variable.

Examples:
  colloquy serve --port 0                       pick a free port
  colloquy serve ./bot.ts --log-level debug
  COLLOQUY_PORT=8080 colloquy serve ./bot.ts

SIGTERM and Ctrl-C let running answers finish (--shutdown-grace); a second one ends at once.
${exitCodes}; 130 or 143 after a second signal`

function optionsOf(name: SettingName): Option[] {
  const setting = settings[name]
  const flag = flagOf(name)
  const facts = `(default: ${defaultOf(setting)}; ${variableOf(name)})`
  const option = new Option(`${flag}${placeholderOf(setting)}`, `${setting.description} ${facts}`)
  // A flag that is given again adds to the list, as commas do.
  if (setting.kind === 'hosts' || setting.kind === 'origins')
    option.argParser((host, before: string | undefined) =>
      before === undefined ? host : `${before},${host}`,
    )
  if (setting.kind !== 'switch') return [option]
  return [option, new Option(flag.replace('--', '--no-'), `the opposite of ${flag}`)]
}

/** The flags as texts, as environment variables are, so that both are checked alike. */
function flagsOf(options: Readonly<Record<string, string | boolean>>): Flags {
  return Object.fromEntries(
    settingNames.flatMap((name) => (options[name] === undefined ? [] : [[name, String(options[name])]])),
  )
}

function addChat(program: Command, chat: ProgramParts['chat']): void {
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
