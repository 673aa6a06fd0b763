import { type ChatContext, ChatError, type JsonValue } from '@colloquy/session'
import type { Agent } from './agent.js'
import { turnError } from './agent-errors.js'
import { fieldsOf } from './fields-of.js'
import type { AcpSettings } from './read-options.js'
import { RequestError } from './request-error.js'
import { unlessAborted } from './unless-aborted.js'

/** A session of the agent that belongs to a session here. */
export interface AgentSession {
  /** The agent's own id of it. */
  readonly id: string
  /** The agent in which it is open; undefined when it has to be brought back first. */
  agent: Agent | undefined
  /** An agent in which it must not be used any more, because a prompt goes on there that was cancelled. */
  lostIn: Agent | undefined
  /** Whether the agent was told nothing in it yet. */
  isNew: boolean
  /** The id that the state held when this one was begun. */
  readonly before: string | undefined
}

/**
 * The sessions of agents that belong to sessions here, the least recently used first. The state holds the id for later lives of the
 * server; but only of turns that completed, and so what it does not say yet is remembered here.
 */
export class SessionBook {
  readonly #settings: AcpSettings
  readonly #sessions = new Map<string, AgentSession>()

  constructor(settings: AcpSettings) {
    this.#settings = settings
  }

  /**
   * The agent's session for a turn: the one that is open; or one of an earlier life, brought back; or a new one. Undefined when the
   * signal of the turn was aborted.
   *
   * @throws what {@link Agent.ask} throws, as an error of a turn
   */
  async open(agent: Agent, context: ChatContext): Promise<AgentSession | undefined> {
    const stated = idOf(context.state)
    const known = this.#know(context.session.id, stated)
    if (known?.agent === agent && known.lostIn !== agent) return known
    const id = this.#idToBringBack(agent, stated, known, context.session.id)
    const opening = this.#bringBack(agent, id, known?.before ?? stated).then(
      (back) => back ?? this.#create(agent, stated),
    )
    const opened = await unlessAborted(opening, context.signal)
    if (opened !== undefined) this.#keep(context.session.id, opened)
    // Nobody will ever use what is new and comes too late.
    else
      void opening.then(
        (late) => late.isNew && this.#close(late),
        () => {},
      )
    return opened
  }

  /** Gives a session up, in which a prompt goes on that was cancelled. */
  lose(session: AgentSession): void {
    session.lostIn = session.agent
    this.#close(session)
  }

  /** The entry of a session, when it is about what the state says, or about what comes after that. */
  #know(sessionId: string, stated: string | undefined): AgentSession | undefined {
    const known = this.#sessions.get(sessionId)
    if (known === undefined || (stated !== known.id && stated !== known.before)) return undefined
    this.#sessions.delete(sessionId)
    this.#sessions.set(sessionId, known)
    return known
  }

  /** The session of an earlier life that may be used: nothing was said in a new one, and one that is used by another is that one's. */
  #idToBringBack(
    agent: Agent,
    stated: string | undefined,
    known: AgentSession | undefined,
    sessionId: string,
  ): string | undefined {
    if (known !== undefined && (known.isNew || known.lostIn === agent)) return undefined
    const id = known?.id ?? stated
    return id === undefined || this.#isTaken(agent, id, sessionId) ? undefined : id
  }

  /** Opens a session of an earlier life, where there is one, and the agent can do that, and does it. */
  async #bringBack(
    agent: Agent,
    id: string | undefined,
    before: string | undefined,
  ): Promise<AgentSession | undefined> {
    if (id === undefined) return undefined
    const { canResume, canLoad } = agent.abilities
    for (const method of [canResume && 'session/resume', canLoad && 'session/load'] as const) {
      if (method === false) continue
      try {
        await agent.ask(method, { sessionId: id, ...this.#place() })
        return { id, agent, lostIn: undefined, isNew: false, before }
      } catch (error) {
        if (!(error instanceof RequestError)) throw error
        this.#settings.logger.info({ method, code: error.code }, 'the agent could not bring a session back')
      }
    }
    return undefined
  }

  async #create(agent: Agent, before: string | undefined): Promise<AgentSession> {
    const { name } = this.#settings
    const { sessionId: id } = await agent.ask('session/new', this.#place()).catch((error: unknown) => {
      throw turnError(error, 'session/new', name)
    })
    if (typeof id !== 'string' || id.length > longestId)
      throw new ChatError('upstream_failed', `The agent ${name} answered session/new without a session id.`)
    return { id, agent, lostIn: undefined, isNew: true, before }
  }

  /** @throws ChatError when another session has the same one: what is said in one would be seen in the other */
  #keep(sessionId: string, session: AgentSession): void {
    if (session.agent !== undefined && this.#isTaken(session.agent, session.id, sessionId)) {
      const message = `The agent ${this.#settings.name} gave two sessions the same id.`
      throw new ChatError('upstream_failed', message)
    }
    this.#sessions.delete(sessionId)
    this.#sessions.set(sessionId, session)
    for (const [oldId, old] of this.#sessions) {
      if (this.#sessions.size <= this.#settings.maxSessions) return
      if (old === session || old.agent?.turns.has(old.id) === true) continue
      this.#sessions.delete(oldId)
      this.#close(old)
    }
  }

  /** Whether another session has this one of the agent. */
  #isTaken(agent: Agent, id: string, sessionId: string): boolean {
    for (const [otherId, other] of this.#sessions)
      if (otherId !== sessionId && other.id === id && other.agent === agent) return true
    return false
  }

  /** Lets the agent free what it has for a session, where it can. */
  #close({ id, agent }: AgentSession): void {
    if (agent === undefined || agent.hasEnded || !agent.abilities.canClose) return
    agent.ask('session/close', { sessionId: id }).catch(() => {}) // it is not needed any more, however that ends
  }

  #place() {
    const { cwd, mcpServers } = this.#settings
    return { cwd, mcpServers }
  }
}

const longestId = 1_024

function idOf(state: JsonValue): string | undefined {
  const id = fieldsOf(state)['session_id']
  return typeof id === 'string' ? id : undefined
}
