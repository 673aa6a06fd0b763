import type { ClientConnection } from '@agentclientprotocol/sdk'
import { type Child, startChild } from '../child/start-child.js'
import type { Agent } from './agent.js'
import { type AgentLife, watchLife } from './agent-life.js'
import { answerAgent } from './agent-requests.js'
import { agentStream } from './agent-stream.js'
import type { AgentTurn } from './agent-turn.js'
import { type Ask, askOver } from './ask-agent.js'
import { askAuthenticated } from './authenticate.js'
import { fieldsOf } from './fields-of.js'
import { importSdk } from './import-sdk.js'
import { nextTick } from './next-tick.js'
import type { AcpSettings } from './read-options.js'
import { shakeHands } from './shake-hands.js'

/**
 * Starts an agent.
 *
 * @param signal ends it when it is aborted before it is ready
 * @throws ChatError `not_ready`; then nothing is left of it
 */
export async function launchAgent(settings: AcpSettings, signal: AbortSignal): Promise<Agent> {
  const { name, authMethodId } = settings
  const sdk = await importSdk(settings.cwd)
  const program = { isReady: false }
  const child = startProgram(settings, program)
  const turns = new Map<string, AgentTurn>()
  const busyTerminals = new Set<Promise<void>>()
  const connection = answerAgent(settings, turns, sdk).connect(agentStream(child, (id) => turns.has(id), sdk))
  const request = askOver(connection, sdk)
  const life = watchLife(child, connection, settings, sdk)

  async function end(): Promise<void> {
    for (const turn of turns.values()) turn.terminals.close()
    await Promise.all([life.end(), untilEmpty(busyTerminals)])
  }

  try {
    const { abilities, authMethodIds } = await shakeHands(request, life, settings, signal)
    program.isReady = true
    const ask = askAuthenticated(request, { name, methodId: authMethodId, offered: authMethodIds })
    return {
      abilities,
      turns,
      busyTerminals,
      ask: askLiving(ask, connection, life, name),
      tell: (method, params) => void connection.agent.notify(method, params).catch(() => {}),
      get hasEnded() {
        return life.hasEnded
      },
      ended: life.ended,
      end,
    }
  } catch (error) {
    await end()
    throw error
  }
}

function startProgram(
  { command, args, cwd, env, logger, clock, stopGraceMs }: AcpSettings,
  program: { readonly isReady: boolean },
): Child {
  return startChild({
    command,
    args,
    cwd,
    ...(env === undefined ? {} : { env }),
    onStderr: (line) => {
      // Once it is asked things, what it writes may hold messages.
      if (program.isReady) logger.debug({ line }, 'the agent wrote to stderr')
      else logger.info({ line }, 'the agent wrote to stderr while it started')
    },
    killGraceMs: stopGraceMs,
    clock,
  })
}

/** Asks, and tells how the agent ended when that is why there is no answer. */
function askLiving(ask: Ask, connection: ClientConnection, life: AgentLife, name: string): Agent['ask'] {
  return async (method, params) => {
    try {
      const answer = await ask(method, params)
      await nextTick() // the library hands out an answer sooner than what was told before it
      return fieldsOf(answer)
    } catch (error) {
      if (!connection.signal.aborted) throw error
    }
    throw new Error(`The agent ${name} ${await life.ended}. It is started again with the next message.`)
  }
}

async function untilEmpty(busy: ReadonlySet<Promise<void>>): Promise<void> {
  while (busy.size > 0) await Promise.all(busy)
}
