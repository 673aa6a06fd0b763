import type { ChatErrorCode, Chunk, FinishReason, FunctionDefinition, HealthReport } from '@colloquy/session'

/** What a program says of itself when it is ready. */
export interface ReadyLine {
  readonly name?: string
  readonly functions: readonly FunctionDefinition[]
  /** Whether it answers `health` lines. */
  readonly health: boolean
}

/** Why a program can't answer a turn, in its own words. */
export interface TurnFault {
  readonly code?: ChatErrorCode
  readonly message?: string
  readonly retryAfterSeconds?: number
}

/** A line that can't be parsed. */
export interface BrokenLine {
  readonly kind: 'broken'
}

/** A line that a program wrote, as far as it is the protocol. */
export type ProgramLine =
  | { readonly kind: 'ready'; readonly ready: ReadyLine }
  | { readonly kind: 'chunk'; readonly turnId: string; readonly chunk: Chunk }
  | { readonly kind: 'end'; readonly turnId: string; readonly reason?: FinishReason }
  | { readonly kind: 'error'; readonly turnId: string; readonly fault: TurnFault }
  /** The report is null when it is none. */
  | { readonly kind: 'health'; readonly id: string; readonly report: HealthReport | null }
  /** A known type with wrong fields. `turnId` is undefined when it does not say whose line it is. */
  | {
      readonly kind: 'wrong'
      readonly type: string
      readonly turnId: string | undefined
      readonly fault: string
    }
  /** Not the protocol. `what` holds nothing of an answer. */
  | {
      readonly kind: 'foreign'
      readonly what: { readonly line: string } | { readonly type: string | null; readonly length: number }
    }
