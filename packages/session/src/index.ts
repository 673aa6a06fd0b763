export { ChatError, type ChatErrorCode, type ChatErrorOptions, isChatError } from './chat-error.js'
export type {
  ChatChoice,
  ChatContext,
  ChatInterface,
  Chunk,
  FinishReason,
  FunctionCall,
  FunctionDefinition,
  HealthReport,
  HealthStatus,
  HistoryMessage,
  TraceContext,
  Usage,
} from './chat-interface.js'
export type { Metadata } from './check-input.js'
export { type Clock, systemClock, type TimerOptions } from './clock.js'
export { createSessionManager } from './create-session-manager.js'
export type { ComponentHealth, ManagerHealth } from './health.js'
export { type IdPrefix, type IdSource, randomIds } from './ids.js'
export { interruptedEnd } from './interrupted-end.js'
export type { JsonObject, JsonValue } from './json.js'
export { defaultLimits, metadataLimits, type OnBusy, type SessionLimits, ttlSecondsLimits } from './limits.js'
export { logForeign } from './log-foreign.js'
export { type Logger, silentLogger } from './logger.js'
export {
  type InputFault,
  isSessionError,
  SessionError,
  type SessionErrorCode,
  type SessionErrorDetails,
} from './session-error.js'
export {
  type ExportOptions,
  endLiveTurns,
  type ImportOptions,
  type ImportOutcome,
  type SessionExport,
  type TurnExport,
} from './session-export.js'
export type {
  CreateSessionOptions,
  ListMessagesOptions,
  ListSessionsOptions,
  ListTurnsOptions,
  ManagerState,
  ManagerStatus,
  MessageList,
  ReadEventsOptions,
  SessionList,
  SessionManager,
  SessionManagerOptions,
  SessionScope,
  Sessions,
  Turn,
  TurnList,
  TurnRequest,
  UpdateSessionOptions,
} from './session-manager.js'
export type { SessionObserver, StoreCall, StoreCallReport, TurnReport } from './session-observer.js'
export type {
  AcceptOutcome,
  AcceptRequest,
  Beginning,
  BusyRule,
  CreateOutcome,
  EventRange,
  KeyedTurn,
  Lease,
  MessagePage,
  MessageRecord,
  NewMessage,
  NewSession,
  OwnedTurnRef,
  PageRequest,
  SessionBound,
  SessionChange,
  SessionPage,
  SessionPageRequest,
  SessionRecord,
  SessionRef,
  SessionStore,
  StartOutcome,
  StartRequest,
  TurnEnd,
  TurnKey,
  TurnPage,
  TurnRecord,
  TurnWrite,
  TurnWriteOutcome,
  UpdateOutcome,
} from './session-store.js'
export {
  type FinalTurnEvent,
  type FinalTurnEventBody,
  isFinal,
  type TurnCancelled,
  type TurnCompleted,
  type TurnEndStatus,
  type TurnEvent,
  type TurnEventBody,
  type TurnFailed,
  type TurnFailureCode,
  type TurnInterrupted,
  type TurnRef,
  type TurnStatus,
} from './turn-event.js'
export { TurnTranscript } from './turn-transcript.js'
