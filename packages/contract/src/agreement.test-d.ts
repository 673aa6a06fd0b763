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

/** Both ways: what one has, the other has too. */
type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false

describe('the plain types', () => {
  it('are what the schemas accept', () => {
    expectTypeOf<
      Same<z.infer<ReturnType<typeof schemas.chatRequest>>, wire.ChatRequest>
    >().toEqualTypeOf<true>()
    expectTypeOf<z.infer<typeof schemas.chatResponse>>().toExtend<wire.ChatResponse>()
    expectTypeOf<
      Same<z.infer<typeof schemas.createSessionRequest>, wire.CreateSessionRequest>
    >().toEqualTypeOf<true>()
    expectTypeOf<
      Same<z.infer<typeof schemas.updateSessionRequest>, wire.UpdateSessionRequest>
    >().toEqualTypeOf<true>()
    expectTypeOf<Same<z.infer<typeof schemas.session>, wire.Session>>().toEqualTypeOf<true>()
    expectTypeOf<z.infer<typeof schemas.sessionPage>>().toExtend<wire.SessionPage>()
    expectTypeOf<z.infer<typeof schemas.messagePage>>().toExtend<wire.MessagePage>()
    expectTypeOf<z.infer<typeof schemas.turn>>().toExtend<wire.Turn>()
    expectTypeOf<z.infer<typeof schemas.turnPage>>().toExtend<wire.TurnPage>()
    expectTypeOf<
      Same<z.infer<typeof schemas.cancelTurnRequest>, wire.CancelTurnRequest>
    >().toEqualTypeOf<true>()
    expectTypeOf<Same<z.infer<typeof schemas.health>, wire.Health>>().toEqualTypeOf<true>()
    expectTypeOf<Same<z.infer<typeof schemas.liveness>, wire.Liveness>>().toEqualTypeOf<true>()
    expectTypeOf<Same<z.infer<typeof schemas.readiness>, wire.Readiness>>().toEqualTypeOf<true>()
    expectTypeOf<z.infer<typeof schemas.status>>().toExtend<wire.Status>()
    expectTypeOf<z.infer<typeof schemas.problem>>().toExtend<wire.Problem>()
    expectTypeOf<z.infer<typeof schemas.turnEvent>>().toExtend<wire.TurnEvent>()
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
