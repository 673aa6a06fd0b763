export { loopbackHosts } from './check-host.js'
export { type AppOptions, createApp } from './create-app.js'
export { type CrossOriginOptions, isOrigin } from './cross-origin.js'
export { type RunningServer, type ServeOptions, serve } from './serve.js'
