export { type Reload, type WatchChatOptions, type WatchedChat, watchChat } from './watch-chat.js'
