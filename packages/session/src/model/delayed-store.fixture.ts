import assert from 'node:assert/strict'
import type { KeyedTurn, SessionStore, TurnKey, TurnWrite, TurnWriteOutcome } from '../session-store.js'
import type { SessionsModel } from './sessions-model.fixture.js'

/** A request that has not reached the store, or an answer that has not come back. */
interface Delivery {
  readonly isRequest: boolean
  readonly call: string
  /** Lets it go on; returns how to end it, once that is known. */
  readonly deliver: () => Promise<() => Promise<void> | void>
}

/** What changes nothing. In one tick a store may answer it before it does what it was asked to change before. */
const reads: ReadonlySet<string> = new Set([
  'getSession',
  'listSessions',
  'countSessions',
  'listMessages',
  'getTurn',
  'getKeyedTurn',
  'listTurns',
  'readEvents',
])

/** What a store may do in several steps, between which it does other things. */
const longCalls: ReadonlySet<string> = new Set(['interruptAbandoned', 'collectExpired'])

/** Is told what the store has done, as soon as it has. */
export interface StoreWatch {
  /** Before the model takes the writes in. */
  writing(writes: readonly TurnWrite[], outcomes: readonly TurnWriteOutcome[]): void
  accepted(
    request: Parameters<SessionStore['acceptTurn']>[0],
    outcome: Awaited<ReturnType<SessionStore['acceptTurn']>>,
  ): void
  started(turnId: string, outcome: Awaited<ReturnType<SessionStore['startTurn']>>): void
  lookedUp(owner: string, key: TurnKey, found: KeyedTurn | undefined): void
  failed(error: unknown): void
}

/**
 * A store behind a long wire. A call waits until it is told to go on: once to reach the store, and once more for its
 * answer to come back; what waits may overtake each other. Whatever the store answers is held to the model.
 */
export class DelayedStore {
  readonly store: SessionStore
  #pending: Delivery[] = []
  #isCut = false
  #isClosed = false
  /** The deliveries so far: they come one after the other, so that it is known in which order the store was asked. */
  #delivered: Promise<void> = Promise.resolve()
  readonly #watch: StoreWatch

  constructor(inner: SessionStore, model: SessionsModel, isExclusive: boolean, watch: StoreWatch) {
    this.#watch = watch
    this.store = { ...this.#delayed(inner, model), isExclusive }
  }

  get pending(): number {
    return this.#pending.length
  }

  /** What waits, in words. */
  get waiting(): readonly string[] {
    return this.#pending.map(({ isRequest, call }) => `${call} ${isRequest ? '→' : '←'}`)
  }

  /** Lets one of those that wait go on; the oldest is 0. */
  async deliver(index: number): Promise<void> {
    await this.#deliver(this.#pending.splice(index % this.#pending.length, 1))
  }

  /** Lets everything that waits go on at once, as far as that can be. */
  async deliverTogether(): Promise<void> {
    const pending = this.#pending
    this.#pending = []
    await this.#deliver(pending.filter(({ isRequest }) => !isRequest))
    const requests = pending.filter(({ isRequest }) => isRequest)
    await this.#deliver(requests.filter(({ call }) => reads.has(call)))
    await this.#deliver(requests.filter(({ call }) => !reads.has(call) && !longCalls.has(call)))
    for (const request of requests) if (longCalls.has(request.call)) await this.#deliver([request])
  }

  /** Lets every request that waits reach the store. */
  async deliverRequests(): Promise<void> {
    for (;;) {
      const index = this.#pending.findIndex(({ isRequest }) => isRequest)
      if (index < 0) return
      await this.deliver(index)
    }
  }

  /** What waits is lost, and nothing goes through any more: as if this process was gone. */
  cut(): void {
    this.#isCut = true
    this.#pending = []
  }

  /** Lets some go on in one tick. The model follows in the same order, before anything else can happen. */
  async #deliver(deliveries: readonly Delivery[]): Promise<void> {
    this.#delivered = this.#delivered.then(async () => {
      const ends = await Promise.all(deliveries.map(({ deliver }) => deliver()))
      for (const end of ends) await end()
    })
    await this.#delivered
  }

  #delayed(inner: SessionStore, model: SessionsModel): SessionStore {
    /** @param compare compares an answer with that of the model */
    const delayed =
      <Args extends readonly unknown[], Answer>(
        call: string,
        run: (...args: Args) => Promise<Answer>,
        compare: (answer: Answer, ...args: Args) => Promise<void> | void,
      ) =>
      (...args: Args): Promise<Answer> =>
        new Promise((resolve, reject) => {
          const answerWith = (end: () => void) =>
            this.#wait({ isRequest: false, call, deliver: async () => end })
          const failed = (error: unknown) => {
            this.#watch.failed(error)
            answerWith(() => reject(error))
          }
          const deliver = async () => {
            try {
              const answer = await run(...args)
              return async () => {
                try {
                  await compare(answer, ...args)
                  answerWith(() => resolve(answer))
                } catch (error) {
                  failed(error)
                }
              }
            } catch (error) {
              return () => failed(error)
            }
          }
          this.#wait({ isRequest: true, call, deliver })
        })
    /** As the model says, word for word. */
    const same =
      <Args extends readonly unknown[], Answer>(call: string, expected: (...args: Args) => Answer) =>
      (answer: Answer, ...args: Args) =>
        assert.deepStrictEqual(answer, expected(...args), `${call}: not what the model says`)

    const compared = <Args extends readonly unknown[], Answer>(
      call: string,
      run: (...args: Args) => Promise<Answer>,
      expected: (...args: Args) => Answer,
    ) => delayed(call, run, same(call, expected))

    const { open, close, health } = inner
    return {
      kind: inner.kind,
      ...(open === undefined ? {} : { open: () => open.call(inner) }),
      createSession: compared(
        'createSession',
        (...args) => inner.createSession(...args),
        (...args) => model.createSession(...args),
      ),
      getSession: compared(
        'getSession',
        (...args) => inner.getSession(...args),
        (...args) => model.getSession(...args),
      ),
      listSessions: compared(
        'listSessions',
        (...args) => inner.listSessions(...args),
        (...args) => model.listSessions(...args),
      ),
      updateSession: compared(
        'updateSession',
        (...args) => inner.updateSession(...args),
        (...args) => model.updateSession(...args),
      ),
      deleteSession: compared(
        'deleteSession',
        (...args) => inner.deleteSession(...args),
        (...args) => model.deleteSession(...args),
      ),
      countSessions: compared(
        'countSessions',
        (...args) => inner.countSessions(...args),
        (...args) => model.countSessions(...args),
      ),
      listMessages: compared(
        'listMessages',
        (...args) => inner.listMessages(...args),
        (...args) => model.listMessages(...args),
      ),
      acceptTurn: delayed(
        'acceptTurn',
        (request) => inner.acceptTurn(request),
        (outcome, request) => {
          assert.deepStrictEqual(
            { ...outcome },
            model.acceptTurn(request),
            'acceptTurn: not what the model says',
          )
          this.#watch.accepted(request, outcome)
        },
      ),
      writeTurns: delayed(
        'writeTurns',
        (writes) => inner.writeTurns(writes),
        (outcomes, writes) => {
          this.#watch.writing(writes, outcomes)
          assert.deepStrictEqual(outcomes, model.writeTurns(writes), 'writeTurns: not what the model says')
        },
      ),
      startTurn: delayed(
        'startTurn',
        (ref, start) => inner.startTurn(ref, start),
        (outcome, ref, start) => {
          assert.deepStrictEqual(
            { ...outcome },
            model.startTurn(ref, start),
            'startTurn: not what the model says',
          )
          this.#watch.started(ref.turnId, outcome)
        },
      ),
      getTurn: compared(
        'getTurn',
        (...args) => inner.getTurn(...args),
        (...args) => model.getTurn(...args),
      ),
      getKeyedTurn: delayed(
        'getKeyedTurn',
        (...args) => inner.getKeyedTurn(...args),
        (found, owner, key, now) => {
          const expected = model.getKeyedTurn(owner, key, now)
          assert.deepStrictEqual(found, expected, 'getKeyedTurn: not what the model says')
          this.#watch.lookedUp(owner, key, found)
        },
      ),
      listTurns: compared(
        'listTurns',
        (...args) => inner.listTurns(...args),
        (...args) => model.listTurns(...args),
      ),
      readEvents: compared(
        'readEvents',
        (...args) => inner.readEvents(...args),
        (...args) => model.readEvents(...args),
      ),
      renewLeases: compared(
        'renewLeases',
        (lease) => inner.renewLeases(lease),
        (lease) => model.renewLeases(lease),
      ),
      interruptAbandoned: delayed(
        'interruptAbandoned',
        (...args) => inner.interruptAbandoned(...args),
        async (refs, now, reason, leasesUntil = now) => {
          const ids = await messageIdsOf(inner, model, refs, now)
          const expected = model.interruptAbandoned(now, reason, leasesUntil, ids)
          const turnIds = (all: typeof refs) => all.map(({ turnId }) => turnId).sort()
          assert.deepStrictEqual(turnIds(refs), turnIds(expected), 'interruptAbandoned: others than expected')
        },
      ),
      collectExpired: delayed(
        'collectExpired',
        (now, limit) => inner.collectExpired(now, limit),
        (collected, _now, limit) => assert(collected <= limit, 'collectExpired: more than the limit'),
      ),
      ...(health === undefined ? {} : { health: () => health.call(inner) }),
      close: async () => {
        // What was asked before reaches the store before; its answers may come later.
        await this.deliverRequests()
        this.#isClosed = true
        await close?.call(inner)
      },
    }
  }

  #wait(delivery: Delivery): void {
    const { isRequest, call } = delivery
    if (isRequest && this.#isClosed) this.#watch.failed(new Error(`${call} was called after close`))
    if (!this.#isCut) this.#pending.push(delivery)
  }
}

/** The ids that a store made up for the messages of turns that it has interrupted. They are nobody else's. */
async function messageIdsOf(
  inner: SessionStore,
  model: SessionsModel,
  refs: Awaited<ReturnType<SessionStore['interruptAbandoned']>>,
  now: number,
): Promise<Map<string, string>> {
  const ids = new Map<string, string>()
  const known = new Set(model.sessions.flatMap(({ messages }) => messages.map(({ messageId }) => messageId)))
  for (const ref of refs) {
    const owner = model.everyTurn(ref)?.session.made.owner ?? ''
    const session = { owner, sessionId: ref.sessionId }
    const messages = (await inner.listMessages(session, { order: 'desc', limit: 1 }, now))?.messages
    const last = messages?.[0]
    if (last?.turnId !== ref.turnId || last.role !== 'assistant') continue
    assert(
      !known.has(last.messageId),
      `interruptAbandoned: the message id ${last.messageId} was given before`,
    )
    known.add(last.messageId)
    ids.set(ref.turnId, last.messageId)
  }
  return ids
}
