import { ChatError } from '@colloquy/session'
import { hasCode } from './agent-errors.js'
import type { Ask } from './ask-agent.js'
import { authRequired, RequestError } from './request-error.js'

/** How an agent is authenticated. */
export interface Authentication {
  /** What the agent is called, for errors. */
  readonly name: string
  readonly methodId: string | undefined
  /** The ids of the methods that it offers. */
  readonly offered: readonly string[]
}

/** Makes what asks an agent, and authenticates when it answers that it has to (Schema, `authenticate`). */
export function askAuthenticated(ask: Ask, { name, methodId, offered }: Authentication): Ask {
  let running: Promise<void> | undefined

  async function authenticate(): Promise<void> {
    if (methodId === undefined) throw refused(`set authMethodId${idsOf(offered)}`)
    try {
      await ask('authenticate', { methodId })
    } catch (error) {
      throw error instanceof RequestError ? refused(`authMethodId led to error ${error.code}`) : error
    }
  }

  function refused(what: string): ChatError {
    return new ChatError('refused', `The agent ${name} wants to be authenticated: ${what}.`)
  }

  return async (method, params) => {
    try {
      return await ask(method, params)
    } catch (error) {
      if (!hasCode(error, authRequired)) throw error
    }
    running ??= authenticate().finally(() => (running = undefined)) // once for all who ask meanwhile
    await running
    try {
      return await ask(method, params)
    } catch (error) {
      throw hasCode(error, authRequired) ? refused('it was, by authMethodId, and asks again') : error
    }
  }
}

/** The ids that an agent offers, as far as they look like ids. */
function idsOf(offered: readonly string[]): string {
  const ids = offered.filter((id) => /^[\w.:-]{1,64}$/.test(id)).slice(0, 8)
  return ids.length === 0 ? '' : ` to one that it offers: ${ids.join(', ')}`
}
