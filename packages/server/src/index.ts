export {
  type ApiKeyEntry,
  createApiKey,
  hashApiKey,
  isApiKeyName,
  readApiKeyEntry,
  writeApiKeyEntry,
} from './api-keys/api-key-entry.js'
export { type ApiKeys, createApiKeys } from './api-keys/api-keys.js'
export type { Authenticate, Caller, DocumentationAccess } from './authenticate.js'
export { loopbackHosts } from './check-host.js'
export { type AppOptions, createApp } from './create-app.js'
export { type CrossOriginOptions, isOrigin } from './cross-origin.js'
export { logError } from './log-error.js'
export { isLoopback } from './loopback.js'
export { maskCredentials } from './mask-credentials.js'
export {
  type AppMetrics,
  createMetrics,
  type Metrics,
  type MetricsOptions,
} from './metrics/create-metrics.js'
export type { HttpMetrics, RequestReport } from './metrics/http-metrics.js'
export { type RunningServer, type ServeOptions, serve } from './serve.js'
