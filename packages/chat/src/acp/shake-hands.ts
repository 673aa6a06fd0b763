import { ChatError } from '@colloquy/session'
import type { AgentAbilities } from './agent.js'
import type { AgentLife } from './agent-life.js'
import type { Ask } from './ask-agent.js'
import { fieldsOf } from './fields-of.js'
import type { AcpSettings } from './read-options.js'
import { RequestError } from './request-error.js'

/** The version of the protocol that this speaks. */
const protocolVersion = 1

/** What an agent says of itself. */
export interface AgentIdentity {
  readonly abilities: AgentAbilities
  /** The ids of the ways in which it can be authenticated. */
  readonly authMethodIds: readonly string[]
}

/**
 * Tells an agent what it may ask for, and is told what it can do (Initialization).
 *
 * @throws ChatError `not_ready` for one that does not answer in time, ends, or speaks another version
 */
export async function shakeHands(
  ask: Ask,
  life: AgentLife,
  settings: AcpSettings,
  signal: AbortSignal,
): Promise<AgentIdentity> {
  const { name, clock, startTimeoutMs } = settings
  const { promise: given, reject: giveUp } = Promise.withResolvers<never>()
  const cancelTimer = clock.after(startTimeoutMs, () =>
    giveUp(notReady(name, `did not answer the handshake within ${startTimeoutMs} ms`)),
  )
  const stop = () => giveUp(notReady(name, 'was stopped before it was ready'))
  signal.addEventListener('abort', stop, { once: true })
  if (signal.aborted) stop()
  try {
    return readIdentity(await Promise.race([initialize(ask, life, settings), given]), name)
  } finally {
    cancelTimer()
    signal.removeEventListener('abort', stop)
  }
}

async function initialize(
  ask: Ask,
  life: AgentLife,
  { name, files, terminals }: AcpSettings,
): Promise<unknown> {
  try {
    return await ask('initialize', {
      protocolVersion,
      clientCapabilities: {
        fs: { readTextFile: files !== undefined, writeTextFile: files?.write === true },
        terminal: terminals !== undefined,
      },
    })
  } catch (error) {
    if (error instanceof RequestError) throw notReady(name, `answered the handshake with error ${error.code}`)
    throw notReady(
      name,
      `${await life.ended}, before it had answered the handshake; look at what it wrote to stderr`,
    )
  }
}

function readIdentity(response: unknown, name: string): AgentIdentity {
  const { protocolVersion: spoken, agentCapabilities, authMethods } = fieldsOf(response)
  if (spoken !== protocolVersion) {
    const other = typeof spoken === 'number' ? `version ${spoken}` : 'no version that is a number'
    throw notReady(name, `speaks ${other} of the protocol, where this is version ${protocolVersion}`)
  }
  const capabilities = fieldsOf(agentCapabilities)
  const { resume, close } = fieldsOf(capabilities['sessionCapabilities'])
  return {
    abilities: {
      canLoad: capabilities['loadSession'] === true,
      // An object, even an empty one, means that it can.
      canResume: typeof resume === 'object' && resume !== null,
      canClose: typeof close === 'object' && close !== null,
    },
    authMethodIds: (Array.isArray(authMethods) ? authMethods : []).flatMap((method) => {
      const { id } = fieldsOf(method)
      return typeof id === 'string' ? [id] : []
    }),
  }
}

function notReady(name: string, what: string): ChatError {
  return new ChatError('not_ready', `The agent ${name} ${what}.`)
}
