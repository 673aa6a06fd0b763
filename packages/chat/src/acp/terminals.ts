import { randomUUID } from 'node:crypto'
import type { CreateTerminalRequest } from '@agentclientprotocol/sdk'
import type { AcpSettings } from './read-options.js'
import { RequestError } from './request-error.js'
import { startTerminal, type Terminal } from './terminal.js'

/** What runs for an agent in one turn. All of it ends with the turn. */
export class Terminals {
  readonly #settings: AcpSettings
  /** What begins or ends, of all turns, until it has. */
  readonly #busy: Set<Promise<void>>
  readonly #terminals = new Map<string, Terminal>()
  #count = 0
  #isClosed = false

  constructor(settings: AcpSettings, busy: Set<Promise<void>>) {
    this.#settings = settings
    this.#busy = busy
  }

  /** Starts a program. @throws RequestError for one that may not be run, or one too many */
  async create(request: CreateTerminalRequest): Promise<string> {
    const { terminals, clock, stopGraceMs } = this.#settings
    if (terminals === undefined) throw RequestError.methodNotFound('terminal/create')
    if (this.#count >= terminals.maxPerTurn)
      throw RequestError.invalidParams(`there are ${terminals.maxPerTurn} terminals already`)
    this.#count += 1
    const id = randomUUID()
    const created = startTerminal(request, terminals, { clock, killGraceMs: stopGraceMs }).then(
      (terminal) => {
        this.#terminals.set(id, terminal)
        if (this.#isClosed) this.release(id) // the turn has ended meanwhile
        return id
      },
      (error: unknown) => {
        this.#count -= 1
        throw error
      },
    )
    this.#track(created)
    return created
  }

  /** @throws RequestError for one that is not of this turn, or was released */
  get(id: string): Terminal {
    const terminal = this.#terminals.get(id)
    if (terminal === undefined) throw RequestError.resourceNotFound()
    return terminal
  }

  /** Ends one, and forgets it. */
  release(id: string): void {
    const end = this.get(id).end()
    this.#terminals.delete(id)
    this.#count -= 1
    this.#track(end)
  }

  /** Ends and forgets all of them, and whatever is being started. */
  close(): void {
    this.#isClosed = true
    for (const id of this.#terminals.keys()) this.release(id)
  }

  #track(work: Promise<unknown>): void {
    const settled = work.then(
      () => {},
      () => {},
    )
    this.#busy.add(settled)
    void settled.then(() => this.#busy.delete(settled))
  }
}
