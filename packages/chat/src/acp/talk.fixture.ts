import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type ChatContext,
  type ChatInterface,
  type Chunk,
  type HistoryMessage,
  type Logger,
  silentLogger,
} from '@colloquy/session'
import { onTestFinished } from 'vitest'
import type { AcpOptions } from './acp-options.js'
import { fromAcp } from './from-acp.js'
import type { ScriptedAgent, Step } from './scripted-agent.fixture.js'

/** A chat interface of a scripted agent, which is stopped when the test has finished. */
export function agentChat(agent: ScriptedAgent = {}, options: Partial<AcpOptions> = {}): ChatInterface {
  const chat = fromAcp(scripted(agent, options))
  onTestFinished(async () => {
    await chat.stop?.()
  })
  return chat
}

/** The options with which a scripted agent is started. */
export function scripted(agent: ScriptedAgent = {}, options: Partial<AcpOptions> = {}): AcpOptions {
  const program = fileURLToPath(new URL('scripted-agent.fixture.ts', import.meta.url))
  return { command: process.execPath, args: [program, JSON.stringify(agent)], name: 'scripted', ...options }
}

/** A chat interface of a scripted agent that runs. */
export async function startedChat(
  agent: ScriptedAgent = {},
  options: Partial<AcpOptions> = {},
): Promise<ChatInterface> {
  const chat = agentChat(agent, options)
  await chat.start?.()
  return chat
}

/** What a turn is told of, as the manager does it. */
export function contextOf(some: Partial<ChatContext> = {}): ChatContext {
  return {
    history: [],
    session: { id: 'sess_1', metadata: {}, chat: null },
    turnId: 'turn_1',
    signal: new AbortController().signal,
    logger: silentLogger,
    state: null,
    ...some,
  }
}

/** The context of a session, with a state. */
export const inSession = (id: string, some: Partial<ChatContext> = {}): ChatContext =>
  contextOf({ session: { id, metadata: {}, chat: null }, ...some })

export const script = (...steps: readonly Step[]): string => JSON.stringify(steps)

/** All that is answered to a message. */
export async function chunksOf(
  chat: ChatInterface,
  message: string,
  context: ChatContext = contextOf(),
): Promise<Chunk[]> {
  const chunks: Chunk[] = []
  for await (const chunk of chat.reply(message, context))
    chunks.push(typeof chunk === 'string' ? { type: 'text', text: chunk } : chunk)
  return chunks
}

/** What is answered, but for the state and the end, with texts in one piece. */
export async function answerOf(
  chat: ChatInterface,
  steps: readonly Step[],
  context: ChatContext = contextOf(),
): Promise<Chunk[]> {
  const chunks = await chunksOf(chat, script(...steps), context)
  return chunks.filter(({ type }) => type !== 'state' && type !== 'finish')
}

export const textOf = (chunks: readonly Chunk[]): string =>
  chunks.map((chunk) => (chunk.type === 'text' ? chunk.text : '')).join('')

/** What a scripted agent knows in a session. */
export async function recallOf(
  chat: ChatInterface,
  context: ChatContext = contextOf(),
): Promise<{ readonly pid: number; readonly said: string[]; readonly later: string }> {
  return JSON.parse(textOf(await chunksOf(chat, script({ recall: true }), context))) as never
}

/** The state that a session has after these chunks. */
export function stateOf(chunks: readonly Chunk[]): ChatContext['state'] {
  return chunks.findLast((chunk) => chunk.type === 'state')?.state ?? null
}

export const said = (role: HistoryMessage['role'], content: string): HistoryMessage => ({ role, content })

/** Begins to take an answer. */
export function replyOf(
  chat: ChatInterface,
  steps: readonly Step[],
  context: ChatContext = contextOf(),
): AsyncIterator<Chunk | string> {
  return chat.reply(script(...steps), context)[Symbol.asyncIterator]()
}

/** A folder of its own, which is gone when the test has finished. */
export async function newFolder(): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'colloquy-acp-')))
  onTestFinished(() => rm(folder, { recursive: true, force: true }))
  return folder
}

/** Whether there is such a process. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}

/** Waits until something is so. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve))
}

/** A logger that keeps its lines. */
export function keepingLogger(): { readonly logger: Logger; readonly lines: string[] } {
  const lines: string[] = []
  const log = (level: string) => (fields: object, message: string) =>
    void lines.push(`${level} ${message} ${JSON.stringify(fields)}`)
  const logger: Logger = {
    debug: log('debug'),
    info: log('info'),
    warn: log('warn'),
    error: log('error'),
    child: () => logger,
  }
  return { logger, lines }
}
