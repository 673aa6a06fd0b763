import { platform } from 'node:process'
import { ColloquyError } from '@colloquy/client'
import { type Conversation, converse } from '../chat/converse.js'
import { explainChatError } from '../chat/explain-chat-error.js'
import type { LocalServer } from '../chat/local/serve-locally.js'
import { stateFile } from '../chat/memory/state-file.js'
import { readMessage } from '../chat/read-message.js'
import { sayOnce } from '../chat/say-once.js'
import type { ChatStart } from '../chat/start.js'
import { watchedConnection } from '../chat/watched-connection.js'
import { CommandError, usageError } from '../command-error.js'
import type { Flags } from '../config/read-config.js'
import type { Surroundings } from '../main-options.js'
import { connect } from '../server-connection/connect.js'
import { exitCodeOf } from '../server-connection/explain-server-error.js'

/** The flags of `colloquy chat`. */
export interface ChatFlags {
  readonly url?: string | undefined
  /** The session to go on in. */
  readonly session?: string | undefined
  /** Whether to go on in the last session. */
  readonly continue?: boolean | undefined
  /** The chat of the server that a new session begins with. */
  readonly chat?: string | undefined
  readonly json?: boolean | undefined
  /** What answers in process, in place of a server: its name, and its settings. Default: a server answers. */
  readonly local?: { readonly chat: string | undefined; readonly flags: Flags } | undefined
}

/** What is talked to. */
type Partner = Pick<Conversation, 'connection' | 'place' | 'memory' | 'again'> & {
  readonly local: LocalServer | undefined
}

/**
 * Talks to a server, or to what answers in process: says the words, or what is piped in, once; or else prompts.
 *
 * @returns the exit code
 * @throws CommandError when it was called wrongly, or what answers could not be started
 */
export async function chatCommand(
  words: readonly string[],
  flags: ChatFlags,
  surroundings: Surroundings,
): Promise<number> {
  const { json = false } = flags
  const { stdin } = surroundings
  const start = startOf(flags)
  const partner = () =>
    flags.local === undefined ? remote(flags, surroundings) : local(flags.local, start, surroundings)
  if (words.length === 0 && stdin.isTTY) {
    if (json) throw usageError('--json needs a message. Example: colloquy chat --json Hello')
    return talk(await partner(), start, surroundings)
  }
  const message = words.length > 0 ? words.join(' ') : await readMessage(stdin)
  if (message.trim() === '') throw usageError('There is no message. Example: colloquy chat Hello')
  const { connection, memory, local: server } = await partner()
  try {
    return await sayOnce(connection, { message, start, memory, json }, surroundings)
  } finally {
    await server?.close()
  }
}

async function talk(partner: Partner, start: ChatStart, surroundings: Surroundings): Promise<number> {
  const { connection, local } = partner
  try {
    await converse({ ...partner, start, onScreen: local?.showLog }, surroundings)
    return 0
  } catch (cause) {
    const text = explainChatError(cause, connection)
    if (text === undefined || !(cause instanceof ColloquyError)) throw cause
    throw new CommandError(text, { exitCode: exitCodeOf(cause), cause })
  } finally {
    local?.showLog((text) => surroundings.stderr.write(`${text}\n`))
    await local?.close()
  }
}

/** @throws CommandError when flags say different things */
function startOf({ session, continue: continues = false, chat, url, local }: ChatFlags): ChatStart {
  const clashes = [
    ...(session !== undefined && continues
      ? ['--session and --continue: each names a session. Leave one out.']
      : []),
    ...(chat !== undefined && (session !== undefined || continues)
      ? ['--chat: a session keeps the chat that it was made with. Leave it out, or begin a new session.']
      : []),
    ...(url !== undefined && local !== undefined
      ? ['--url: can not go together with --local and its settings, which need no server.']
      : []),
  ]
  if (clashes.length > 0) throw usageError(clashes.join('\n'))
  if (session !== undefined) return { kind: 'session', id: session }
  return continues ? { kind: 'continue' } : { kind: 'new', chat }
}

async function remote({ url: flag }: ChatFlags, { env }: Surroundings): Promise<Partner> {
  const server = connect(flag, env)
  const again = ['colloquy chat', ...(flag === undefined ? [] : [`--url ${server.url}`])].join(' ')
  return {
    connection: watchedConnection(server),
    place: `at ${server.url}`,
    memory: { file: stateFile(env, platform), server: server.url },
    again: (id, isRemembered) => `Go on with: ${again} ${isRemembered ? '--continue' : `--session ${id}`}`,
    local: undefined,
  }
}

async function local(
  { chat, flags }: NonNullable<ChatFlags['local']>,
  { kind }: ChatStart,
  surroundings: Surroundings,
): Promise<Partner> {
  const { env, stderr } = surroundings
  // What only a server needs is not loaded for a conversation with one that runs elsewhere.
  const [{ localConfig }, { serveLocally }] = await Promise.all([
    import('../chat/local/local-config.js'),
    import('../chat/local/serve-locally.js'),
  ])
  const effective = await localConfig(chat, flags, { continues: kind === 'continue', surroundings })
  for (const warning of effective.warnings) stderr.write(`${warning}\n`)
  const server = await withHint(chat, () => serveLocally(effective, surroundings))
  const { store } = effective.config
  const isKept = store !== 'memory'
  return {
    connection: watchedConnection(server),
    place: 'in this process',
    memory: { file: isKept ? stateFile(env, platform) : undefined, server: store },
    again: isKept ? () => 'Go on with the same command and --continue.' : undefined,
    local: server,
  }
}

/** A word behind `--local` is taken for what answers, though somebody may have meant to say it. */
async function withHint<Result>(chat: string | undefined, start: () => Promise<Result>): Promise<Result> {
  try {
    return await start()
  } catch (cause) {
    if (!(cause instanceof CommandError) || chat === undefined || !/^\w+$/.test(chat)) throw cause
    const hint = `To say that to the built-in assistant: colloquy chat --local -- ${chat} …`
    throw new CommandError(`${cause.message}\n${hint}`, { exitCode: cause.exitCode, cause })
  }
}
