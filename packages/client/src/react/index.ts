export type { Chat, ChatActions, ChatMessage, ChatMessageStatus, ChatState, ChatStatus } from './chat.js'
export type {
  ChatEnd,
  ChatStorage,
  CreateChatOptions,
  InitialMessage,
  UseChat,
  UseChatOptions,
} from './chat-options.js'
export { createChat } from './create-chat.js'
export { useChat } from './use-chat.js'
