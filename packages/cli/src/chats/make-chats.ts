import { createAssistant } from '@colloquy/assistant'
import { route } from '@colloquy/chat'
import type { ChatInterface } from '@colloquy/session'
import { usageError } from '../command-error.js'
import type { NamedChat } from '../config/find-chats.js'
import type { Environment } from '../main-options.js'
import type { ChatParts } from './chat-parts.js'
import type { ChatSpec } from './chat-spec.js'
import { inShell } from './in-shell.js'
import { makeOfFile } from './make-of-file.js'
import { modelChat, modelShop } from './model-chats.js'
import { nameOfCommand } from './name-of-command.js'

/**
 * Makes what answers: the built-in assistant when nothing is named, and where several are, one that lets each session choose.
 *
 * @throws ChatLoadError, ModelLoadError, CommandError when one of them can't be made
 */
export async function makeChats(chats: readonly NamedChat[], parts: ChatParts): Promise<ChatInterface> {
  const [only] = chats
  if (only === undefined) return makeAssistant(parts)
  if (only.name === null) return makeChat(only, parts)
  refuseSharedKey(chats, parts.env)
  const made: [name: string, chat: ChatInterface][] = []
  for (const chat of chats) made.push([chat.name ?? '', await makeChat(chat, parts)])
  return route(made, { name: chats.map(({ name }) => name).join(', ') })
}

/** One key is for one server: others are not to be sent it. */
function refuseSharedKey(chats: readonly NamedChat[], env: Environment): void {
  const servers = chats.flatMap(({ spec }) => (spec.kind === 'colloquy' ? [new URL(spec.url).origin] : []))
  if (!env['COLLOQUY_API_KEY'] || new Set(servers).size < 2) return
  throw usageError(
    'COLLOQUY_API_KEY would be sent to more than one server. Serve them from a module each: fromColloquy() of @colloquy/chat/http takes an apiKey.',
  )
}

function makeChat({ spec, cwd }: NamedChat, parts: ChatParts): Promise<ChatInterface> {
  return makers[spec.kind](spec as never, cwd, parts)
}

type Makers = {
  readonly [Kind in ChatSpec['kind']]: (
    spec: Extract<ChatSpec, { readonly kind: Kind }>,
    cwd: string,
    parts: ChatParts,
  ) => Promise<ChatInterface>
}

// Each kind is imported when it is used: what it needs may not be installed, and takes its time to load.
const makers: Makers = {
  assistant: (_spec, _cwd, parts) => makeAssistant(parts),
  file: ({ path }, cwd, parts) => makeOfFile(path, cwd, parts),
  async process({ command }, cwd, { logger }) {
    const { fromProcess } = await import('@colloquy/chat/process')
    return fromProcess({ ...inShell(command), defaultName: nameOfCommand(command), cwd, logger })
  },
  async exec({ command }, cwd) {
    const { fromExec } = await import('@colloquy/chat/process')
    return fromExec(command, { name: nameOfCommand(command), cwd })
  },
  async acp({ command }, cwd, { logger }) {
    const { fromAcp } = await import('@colloquy/chat/acp')
    return fromAcp({ ...inShell(command), name: nameOfCommand(command), cwd, logger })
  },
  model: ({ id }, _cwd, parts) => modelChat(id, parts),
  async http({ url }) {
    const { fromHttp } = await import('@colloquy/chat/http')
    return fromHttp({ url })
  },
  async colloquy({ url }, _cwd, { env }) {
    const { fromColloquy } = await import('@colloquy/chat/http')
    const apiKey = env['COLLOQUY_API_KEY']
    return fromColloquy({ baseUrl: url, ...(apiKey === undefined || apiKey === '' ? {} : { apiKey }) })
  },
}

/** Without a model it answers offline; with one, the model has its functions, unless it is told to be something else. */
function makeAssistant(parts: ChatParts): Promise<ChatInterface> {
  const { model, system, systemFile } = parts.config
  if (model === null) return Promise.resolve(createAssistant())
  return system === null && systemFile === null ? modelShop(model, parts) : modelChat(model, parts)
}
