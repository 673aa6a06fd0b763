export type { Client, SessionsClient, TurnsClient } from './client.js'
export type { ColloquyErrorCode, ColloquyErrorFacts, ConnectionErrorCode } from './colloquy-error.js'
export { ColloquyError } from './colloquy-error.js'
export type {
  ChatRequest,
  ChatResponse,
  ComponentHealth,
  CreateSessionRequest,
  FinishReason,
  FunctionCall,
  Health,
  HealthStatus,
  JsonValue,
  Message,
  MessagePage,
  Metadata,
  Page,
  Problem,
  ProblemCode,
  ProblemError,
  Session,
  SessionPage,
  Status,
  Turn,
  TurnEvent,
  TurnPage,
  TurnProblem,
  TurnStatus,
  UpdateSessionRequest,
  Usage,
} from './contract-types.js'
export { createClient } from './create-client.js'
export type {
  CancelTurnOptions,
  ChatInput,
  ChatOptions,
  ClientOptions,
  ListMessagesOptions,
  ListSessionsOptions,
  ListTurnsOptions,
  RequestOptions,
  StreamChatOptions,
  TurnEventsOptions,
  TurnRef,
} from './options.js'
export type { TurnStream } from './turn-stream.js'
