import type {
  RequestPermissionOutcome,
  RequestPermissionRequest,
  SessionUpdate,
} from '@agentclientprotocol/sdk'
import type { Chunk, JsonObject, Logger } from '@colloquy/session'
import { ChunkQueue } from './chunk-queue.js'
import { contentChunk, thoughtChunk } from './content-chunk.js'
import { decidePermission } from './decide-permission.js'
import { FunctionCalls } from './function-calls.js'
import type { AcpSettings } from './read-options.js'
import { RequestError } from './request-error.js'
import { Terminals } from './terminals.js'
import { boundedJson, boundedText } from './within-bounds.js'

/** One prompt to an agent, while it is answered: what the agent tells of it, and what it asks for. */
export class AgentTurn {
  readonly queue: ChunkQueue
  /** Whether the agent has told or asked anything. */
  hasBegun = false
  readonly terminals: Terminals
  readonly #allow: ReadonlySet<string>
  readonly #logger: Logger
  readonly #calls = new FunctionCalls()
  #isStopped = false

  /**
   * @param busy where terminals are counted that begin or end
   * @param onFull is told when more waits for the reader than may
   */
  constructor(settings: AcpSettings, busy: Set<Promise<void>>, logger: Logger, onFull: () => void) {
    this.terminals = new Terminals(settings, busy)
    this.queue = new ChunkQueue(() => {
      this.#close()
      onFull()
    })
    this.#allow = settings.allow
    this.#logger = logger
  }

  /** Takes nothing more of what the agent tells, and allows nothing any more. */
  stop(): void {
    this.#close()
    this.queue.drop()
  }

  /** Ends it with these chunks: the agent has answered. It is allowed nothing any more, however slowly its answer is taken. */
  end(lastChunks: readonly Chunk[]): void {
    this.#close()
    for (const chunk of lastChunks) this.queue.push(chunk)
    this.queue.end()
  }

  /** Ends it with an error, likewise. */
  fail(error: Error): void {
    this.#close()
    this.queue.fail(error)
  }

  update(update: SessionUpdate): void {
    this.hasBegun = true
    for (const chunk of this.#chunksOf(update)) this.queue.push(chunk)
  }

  /**
   * Decides about what the agent asks for. In a turn that was stopped, every request is answered with `cancelled`, as the protocol
   * wants it (Prompt Turn, Cancellation).
   */
  decide({ toolCall, options }: RequestPermissionRequest): RequestPermissionOutcome {
    if (this.#isStopped) return { outcome: 'cancelled' }
    this.hasBegun = true
    const call = this.#calls.toAllow(toolCall)
    const { isAllowed, outcome } = decidePermission(call, options, this.#allow)
    const decision = isAllowed ? 'allowed' : 'denied'
    this.#logger.info({ kind: call.kind, decision }, 'the agent asked for permission')
    const data: JsonObject = {
      call_id: call.callId,
      kind: call.kind,
      ...(call.toolName === undefined ? {} : { name: boundedText(call.toolName) }),
      ...(call.title === undefined ? {} : { title: boundedText(call.title) }),
      decision,
    }
    this.queue.push({ type: 'data', name: 'permission', data })
    return outcome
  }

  /** Lets the agent ask for something else. @throws RequestError when the turn was stopped */
  begin(): void {
    this.hasBegun = true
    if (this.#isStopped) throw RequestError.invalidRequest('the prompt is over, or was cancelled')
  }

  /** Allows nothing any more, and ends what runs. */
  #close(): void {
    this.#isStopped = true
    this.terminals.close()
  }

  #chunksOf(update: SessionUpdate): Chunk[] {
    switch (update.sessionUpdate) {
      case 'agent_message_chunk':
        return [contentChunk(update.content)]
      case 'agent_thought_chunk':
        return [thoughtChunk(update.content)]
      case 'tool_call':
        return this.#calls.update(update, true)
      case 'tool_call_update':
        return this.#calls.update(update, false)
      case 'plan':
        return [{ type: 'data', name: 'plan', data: { entries: boundedJson(update.entries) } }]
      case 'usage_update': {
        const { used, size, cost } = update
        return [{ type: 'data', name: 'context', data: boundedJson({ used, size, cost: cost ?? null }) }]
      }
      case 'user_message_chunk':
      case 'available_commands_update':
      case 'current_mode_update':
      case 'config_option_update':
      case 'session_info_update':
      case 'notice':
      case 'compaction_update':
      case 'compaction_summary_chunk':
        return []
    }
  }
}
