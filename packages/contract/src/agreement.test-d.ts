import type {
  FinishReason,
  HealthStatus,
  OnBusy,
  SessionErrorCode,
  TurnEvent as SessionEvent,
  TurnFailureCode,
  TurnRequest,
  TurnStatus,
} from '@colloquy/session'
import { describe, expectTypeOf, it } from 'vitest'
import type { z } from 'zod'
import type * as schemas from './index.js'
import type * as wire from './types.js'

/** A type by its fields alone, none of which is to be changed: however it was put together. */
type Plain<T> = [wire.JsonValue] extends [T]
  ? wire.JsonValue
  : T extends object
    ? { readonly [Key in keyof T]: Plain<T[Key]> }
    : T

/** What a schema accepts. */
type Accepted<Schema extends z.ZodType> = Plain<z.infer<Schema>>

/** The event of a function that has returned: its schema knows that there is a result or an error, never both. */
type Returned = { readonly type: 'function.returned' }

describe('the plain types', () => {
  it('are what the schemas accept, field by field', () => {
    expectTypeOf<Accepted<ReturnType<typeof schemas.chatRequest>>>().toEqualTypeOf<Plain<wire.ChatRequest>>()
    expectTypeOf<Accepted<typeof schemas.chatResponse>>().toEqualTypeOf<Plain<wire.ChatResponse>>()
    expectTypeOf<Accepted<typeof schemas.createSessionRequest>>().toEqualTypeOf<
      Plain<wire.CreateSessionRequest>
    >()
    expectTypeOf<Accepted<typeof schemas.updateSessionRequest>>().toEqualTypeOf<
      Plain<wire.UpdateSessionRequest>
    >()
    expectTypeOf<Accepted<typeof schemas.session>>().toEqualTypeOf<Plain<wire.Session>>()
    expectTypeOf<Accepted<typeof schemas.sessionPage>>().toEqualTypeOf<Plain<wire.SessionPage>>()
    expectTypeOf<Accepted<typeof schemas.messagePage>>().toEqualTypeOf<Plain<wire.MessagePage>>()
    expectTypeOf<Accepted<typeof schemas.turn>>().toEqualTypeOf<Plain<wire.Turn>>()
    expectTypeOf<Accepted<typeof schemas.turnPage>>().toEqualTypeOf<Plain<wire.TurnPage>>()
    expectTypeOf<Accepted<typeof schemas.cancelTurnRequest>>().toEqualTypeOf<Plain<wire.CancelTurnRequest>>()
    expectTypeOf<Accepted<typeof schemas.health>>().toEqualTypeOf<Plain<wire.Health>>()
    expectTypeOf<Accepted<typeof schemas.liveness>>().toEqualTypeOf<Plain<wire.Liveness>>()
    expectTypeOf<Accepted<typeof schemas.readiness>>().toEqualTypeOf<Plain<wire.Readiness>>()
    expectTypeOf<Accepted<typeof schemas.status>>().toEqualTypeOf<Plain<wire.Status>>()
    expectTypeOf<Accepted<typeof schemas.problem>>().toEqualTypeOf<Plain<wire.Problem>>()
  })

  it('are what the schemas of events accept', () => {
    type AcceptedEvent = Accepted<typeof schemas.turnEvent>
    expectTypeOf<Exclude<AcceptedEvent, Returned>>().toEqualTypeOf<Plain<Exclude<wire.TurnEvent, Returned>>>()
    expectTypeOf<AcceptedEvent>().toExtend<wire.TurnEvent>()
  })
})

describe('the contract and the session package', () => {
  it('know the same events', () => {
    expectTypeOf<wire.TurnEvent['type']>().toEqualTypeOf<SessionEvent['type']>()
  })

  it('know the same finish reasons and health states', () => {
    expectTypeOf<wire.FinishReason>().toEqualTypeOf<FinishReason>()
    expectTypeOf<wire.HealthStatus>().toEqualTypeOf<HealthStatus>()
  })

  it('know the same states of a turn, and the same rules for a busy session', () => {
    expectTypeOf<wire.TurnStatus>().toEqualTypeOf<TurnStatus>()
    expectTypeOf<NonNullable<wire.ChatRequest['on_busy']>>().toEqualTypeOf<OnBusy>()
    expectTypeOf<wire.ChatRequest['on_disconnect']>().toEqualTypeOf<TurnRequest['onDisconnect']>()
  })

  it('agree on errors: each of the session package has a problem code of the same name, but for two that clients know by others', () => {
    expectTypeOf<Exclude<SessionErrorCode, wire.ProblemCode>>().toEqualTypeOf<
      'invalid_input' | 'key_reused'
    >()
    expectTypeOf<TurnFailureCode>().toExtend<wire.ProblemCode>()
  })
})
