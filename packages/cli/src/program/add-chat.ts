import type { Command } from 'commander'
import { localSettings } from '../chat/local/local-settings.js'
import type { ChatFlags } from '../commands/chat.js'
import { addExamples, type Example } from './examples.js'
import { serverExitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'
import { keyHelp } from './server-options.js'
import { addConfigOptions, type ConfigOptions, flagsOf } from './setting-options.js'

/** The options, as commander gives them; `local` is true without a name. */
type ChatOptions = ConfigOptions & Omit<ChatFlags, 'local'> & { readonly local?: string | true }

const localGroup = 'Without a server (each of these means --local):'

/** Adds `colloquy chat`. */
export function addChat(program: Command, chat: ProgramParts['chat']): void {
  const command = program
    .command('chat')
    .description('talk to a server, or to what answers in this process, at a prompt or from a script')
    .argument('[text...]', 'what to say; without it, what is piped in, or a prompt on a terminal')
    .option('--url <url>', 'where the server is (default: http://localhost:8000; COLLOQUY_URL)')
    .option('--continue', 'go on in the last session')
    .option('--session <id>', 'go on in this session (default: a new one)')
    .option('--chat <name>', 'begin with this chat of the server, where it has several (default: the first)')
    .option('--json', 'print the whole answer as JSON')
    .option(
      '--local [chat]',
      'talk to what colloquy serve would serve, without a server: ./bot.ts, model:<provider>/<id>, … (default: the built-in assistant)',
    )
    .option('--exec <command>', 'a command line that answers each message')
  addConfigOptions(command, localSettings)
  for (const option of command.options.slice(ownOptions)) option.helpGroup(localGroup)
  command.action((words: string[], options: ChatOptions) => chat(words, chatFlagsOf(options)))
  addExamples(command, chatExamples, {
    codes: serverExitCodes,
    before: `${keyHelp}\nAt the prompt, /help tells the rest.`,
  })
}

/** So many options are not about `--local`. */
const ownOptions = 5

function chatFlagsOf({
  url,
  session,
  continue: continues,
  chat,
  json,
  local,
  ...rest
}: ChatOptions): ChatFlags {
  const own = { url, session, continue: continues, chat, json }
  const isLocal = local !== undefined || Object.keys(rest).length > 0
  if (!isLocal) return own
  return { ...own, local: { chat: local === true ? undefined : local, flags: flagsOf(rest) } }
}

const chatExamples: readonly Example[] = [
  ['colloquy chat', 'prompt for messages'],
  ['colloquy chat --continue', 'go on where you left'],
  ['colloquy chat Show me some chairs', 'say one thing, print the answer'],
  ['echo hi | colloquy chat --json', 'say what is piped in, print JSON'],
  "git diff | colloquy chat --local model:ollama/llama3.2 --system 'Review this.'",
  ['colloquy chat --local ./bot.ts --watch', 'try a bot without serving it'],
  ['colloquy chat --local -- Show me chairs', 'ask the built-in assistant'],
]
