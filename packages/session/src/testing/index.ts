export { createManualClock, type ManualClock } from './manual-clock.js'
export { type SuiteOptions, type TestFramework, testSessionStore } from './test-session-store.js'
