export type {
  ChatContext,
  ChatInterface,
  Chunk,
  FunctionDefinition,
  HealthReport,
  HistoryMessage,
  JsonValue,
} from '@colloquy/session'
export type { ChatDefinition, ChatFunction, Reply, ReplyPart } from './chat-definition.js'
export { ChatLoadError, type ChatLoadErrorCode } from './chat-load-error.js'
export {
  type ConcurrencyOptions,
  type FallbackOptions,
  isRetryable,
  type RetryOptions,
  type RouteBy,
  type RoutedChat,
  type RouteOptions,
  route,
  type TimeoutOptions,
  withConcurrency,
  withFallback,
  withRetry,
  withTimeout,
} from './composition/index.js'
export { type DefineChatOptions, defineChat } from './define-chat.js'
export { type LoadChatOptions, loadChat } from './load-chat.js'
export { type Reload, type WatchChatOptions, type WatchedChat, watchChat } from './watch/index.js'
