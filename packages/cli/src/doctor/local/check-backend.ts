import { ChatLoadError } from '@colloquy/chat'
import { type ChatInterface, silentLogger } from '@colloquy/session'
import { makeChats } from '../../chats/make-chats.js'
import { toldChat } from '../../chats/told-chat.js'
import { CommandError } from '../../command-error.js'
import type { EffectiveConfig } from '../../config/read-config.js'
import { hideExperimentalWarning } from '../../loading/hide-experimental-warning.js'
import type { Surroundings } from '../../main-options.js'
import { type Finding, fault, ok, warning } from '../finding.js'

/** Makes what would answer, starts it, asks for its health, and stops it. It is asked no message: that may cost something. */
export async function checkBackend(
  { config, chats }: EffectiveConfig,
  { env, cwd, process }: Surroundings,
): Promise<readonly Finding[]> {
  const told = chats.map(toldChat).join(', ') || 'The built-in assistant'
  const parts = {
    config: { ...config, watch: false },
    logger: silentLogger,
    env: { ...env, ...process?.env },
    cwd,
  }
  let chat: ChatInterface
  try {
    chat = await hideExperimentalWarning('typeScript', () => makeChats(chats, parts))
  } catch (error) {
    return [loadFault(error)]
  }
  try {
    await chat.start?.()
  } catch (error) {
    const why = error instanceof Error ? error.message || error.name : String(error)
    return [fault(`${told} does not start: ${why}`, 'With --start-degraded, serve goes on trying.')]
  }
  try {
    return [ok(`${told}: loads and starts${detailsOf(config, chats)}.`), ...(await healthOf(chat))]
  } finally {
    await chat.stop?.()
  }
}

/** What fails to load says itself what to do. */
function loadFault(error: unknown): Finding {
  const isTold =
    error instanceof CommandError ||
    error instanceof ChatLoadError ||
    (error instanceof Error && error.name === 'ModelLoadError')
  if (!isTold) throw error
  return fault(error.message, '')
}

function detailsOf({ model }: EffectiveConfig['config'], chats: EffectiveConfig['chats']): string {
  const hasModel = model !== null || chats.some(({ spec }) => spec.kind === 'model')
  return hasModel
    ? '. The packages of the model are there, and its key, where it needs one; whether that is right, only a message tells'
    : ''
}

async function healthOf(chat: ChatInterface): Promise<readonly Finding[]> {
  const report = (await chat.health?.()) ?? {}
  return Object.entries(report).flatMap(([name, said]) => {
    const { status, detail } = said
    if (status === 'healthy') return []
    const found = `${name} is ${status}${detail === undefined ? '' : `: ${detail}`}.`
    return [status === 'unhealthy' ? fault(found, '') : warning(found, '')]
  })
}
