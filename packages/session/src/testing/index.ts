export type { ChatScenarios } from './chat/chat-scenarios.js'
export { testChatInterface } from './chat/test-chat-interface.js'
export { createManualClock, type ManualClock } from './manual-clock.js'
export { type SuiteOptions, type TestFramework, testSessionStore } from './test-session-store.js'
