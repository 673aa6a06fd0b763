export {
  type ApiKeyEntry,
  createApiKey,
  hashApiKey,
  isApiKeyName,
  readApiKeyEntry,
  writeApiKeyEntry,
} from './callers/api-key-entry.js'
export { type ApiKeys, createApiKeys } from './callers/api-keys.js'
export type { Authenticate, Caller, DocumentationAccess } from './callers/authenticate.js'
export { loopbackHosts } from './callers/check-host.js'
export { type CrossOriginOptions, isOrigin } from './callers/cross-origin.js'
export { isLoopback } from './callers/loopback.js'
export { type AppOptions, createApp } from './create-app.js'
export { logError } from './log/log-error.js'
export { maskCredentials } from './log/mask-credentials.js'
export {
  type AppMetrics,
  createMetrics,
  type Metrics,
  type MetricsOptions,
} from './metrics/create-metrics.js'
export type { HttpMetrics, RefusalReport, RequestReport } from './metrics/http-metrics.js'
export { type RunningServer, type ServeOptions, serve } from './serve.js'
