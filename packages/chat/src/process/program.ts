import type { Logger } from '@colloquy/session'
import { readLines } from '../child/read-lines.js'
import { type Child, type ChildEnd, startChild } from '../child/start-child.js'
import { describeEnd } from './describe-end.js'
import { Flow } from './flow.js'
import { type HealthAnswer, HealthQuestion } from './health-question.js'
import { LastWords } from './last-words.js'
import { createLineWriter, type LineWriter } from './line-writer.js'
import type { ProcessSetup } from './process-setup.js'
import type { ReadyLine } from './program-line.js'
import { ProgramTurn, type TurnHost } from './program-turn.js'
import { type LineListener, takeLine } from './take-line.js'

/** Who is told of a program. */
export interface ProgramHooks {
  /** It writes again, after it had been silent. */
  onVoice(): void
  /** It ended a turn. */
  onTurnEnd(): void
}

/** One process of a program, from its start to its end. */
export class Program {
  readonly pid: number | undefined
  /** Resolves when it says that it is ready; rejects when it says so wrongly; does neither when it ends before that. */
  readonly ready: Promise<ReadyLine>
  /** Resolves when it has ended, and its turns are over. Never rejects. */
  readonly ended: Promise<ChildEnd>
  readonly lastWords: LastWords = new LastWords()
  readonly #setup: ProcessSetup
  readonly #hooks: ProgramHooks
  readonly #logger: Logger
  readonly #child: Child
  readonly #writer: LineWriter
  readonly #flow: Flow<ProgramTurn>
  readonly #health: HealthQuestion
  readonly #saidReady = Promise.withResolvers<ReadyLine>()
  readonly #turns = new Map<string, ProgramTurn>()
  #readyLine: ReadyLine | undefined
  #signsOfLife = 0
  #isSilent = false
  #isLeaving = false
  #isLetGo = false

  /** Starts it. */
  constructor(setup: ProcessSetup, hooks: ProgramHooks) {
    this.#setup = setup
    this.#hooks = hooks
    const child = startChild({ ...setup.child, onStderr: (line) => this.#takeStderr(line) })
    this.#child = child
    this.pid = child.pid
    this.#logger = setup.logger.child({ program: setup.label, program_pid: child.pid })
    this.#writer = createLineWriter(child.stdin)
    this.#flow = new Flow(child.stdout)
    this.#health = new HealthQuestion(this.#writer)
    this.ready = this.#saidReady.promise
    this.ready.catch(() => {}) // it may have ended by then, and nobody waits
    this.ended = child.ended.then((end) => this.#close(end))
    this.#listen()
    this.#writer.now({ type: 'start', protocol: 1 })
  }

  /** Whether it can be given a turn. */
  get isFree(): boolean {
    return this.#readyLine !== undefined && !this.#isSilent && !this.#isLeaving && !this.#isLetGo
  }

  /** How many turns it has. */
  get turns(): number {
    return this.#turns.size
  }

  /** Gives it a turn. Its line is made when it is written. */
  begin(id: string, line: () => object): ProgramTurn {
    if (this.#turns.has(id)) throw new Error(`The turn ${id} runs already.`)
    const turn = new ProgramTurn(id, line, this.#host())
    this.#turns.set(id, turn)
    return turn
  }

  /** Asks how it is; undefined when it did not promise to answer, or can't be asked because its lines wait to be read. */
  async health(): Promise<HealthAnswer> {
    const canAsk = this.isFree && !this.#flow.isHeld && !this.#child.stdin.writableNeedDrain
    return this.#readyLine?.health === true && canAsk ? this.#health.ask() : undefined
  }

  /** Tells it to stop, and ends it when it does not in time. Its turns fail. */
  stop(): Promise<ChildEnd> {
    if (!this.#isLetGo) {
      this.#letGo('was stopped')
      this.#writer.now({ type: 'stop' })
      this.#child.stdin.end()
      this.#leave()
    }
    return this.ended
  }

  /** Ends it, with all that it has started. Its turns fail. */
  end(): Promise<ChildEnd> {
    this.#letGo('was ended')
    void this.#child.end()
    return this.ended
  }

  #host(): TurnHost {
    const { clock, cancelGraceMs } = this.#setup
    return {
      writer: this.#writer,
      clock,
      cancelGraceMs,
      signsOfLife: () => this.#signsOfLife,
      fallSilent: () => this.#fallSilent(),
      setRoom: (turn, hasRoom) => this.#setRoom(turn, hasRoom),
      forget: (turn) => this.#forget(turn),
    }
  }

  #listen(): void {
    const { label, maxLineLength } = this.#setup
    const listener: LineListener = {
      label,
      longest: maxLineLength,
      logger: this.#logger,
      turns: this.#turns,
      health: this.#health,
      onReady: (ready) => {
        if (this.#readyLine !== undefined) return false
        this.#readyLine = ready
        this.#saidReady.resolve(ready)
        return true
      },
      onWrongReady: (error) => this.#saidReady.reject(error),
      onTurnEnd: () => this.#hooks.onTurnEnd(),
    }
    readLines(this.#child.stdout, {
      longest: maxLineLength,
      onLine: (line, isCut) => {
        this.#hear()
        takeLine(line, isCut, listener)
      },
      onEnd: () => this.#leave(),
    })
    this.#child.stdin.on('close', () => this.#leave())
  }

  #takeStderr(line: string): void {
    this.lastWords.add(line)
    this.#logger.info({ line: line.toWellFormed() }, 'the program wrote to its stderr')
  }

  #hear(): void {
    this.#signsOfLife += 1
    if (!this.#isSilent) return
    this.#isSilent = false
    this.#logger.info({}, 'the program writes again')
    this.#hooks.onVoice()
  }

  /** What waits to be read may be its answer: then nobody can say that it is silent. */
  #fallSilent(): void {
    if (this.#flow.isHeld || this.#isSilent || this.#isLetGo) return
    this.#isSilent = true
    this.#logger.warn({}, 'the program wrote nothing since it was told to cancel a turn; it gets no new ones')
  }

  #setRoom(turn: ProgramTurn, hasRoom: boolean): void {
    this.#signsOfLife += 1
    this.#flow.setRoom(turn, hasRoom)
    if (this.#flow.isHeld) this.#health.giveUp()
  }

  #forget(turn: ProgramTurn): void {
    this.#turns.delete(turn.id)
    if (!this.#isSilent || this.#isLetGo || [...this.#turns.values()].some(({ isSent }) => isSent)) return
    this.#logger.warn({}, 'the program hangs; it is ended')
    void this.end()
  }

  /** It hears or says no more: that is how an end begins. One that goes on nevertheless is ended. */
  #leave(): void {
    if (this.#isLeaving) return
    this.#isLeaving = true
    const { clock, stopGraceMs } = this.#setup
    const cancelTimer = clock.after(stopGraceMs, () => void this.end())
    void this.ended.then(cancelTimer)
  }

  #letGo(how: string): void {
    this.#isLetGo = true
    this.#loseTurns(how)
    this.#health.giveUp()
    this.#flow.open()
  }

  #close(end: ChildEnd): ChildEnd {
    this.#isLetGo = true
    this.#health.giveUp()
    this.#loseTurns(describeEnd(end))
    return end
  }

  #loseTurns(how: string): void {
    if (this.#turns.size === 0) return
    const error = new Error(
      `The program "${this.#setup.label}" (process ${this.pid}) ${how} in the middle of the turn.`,
    )
    for (const turn of this.#turns.values()) turn.lose(error)
  }
}
