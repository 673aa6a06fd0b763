import { readFileSync } from 'node:fs'
import { createRoutes } from '@colloquy/contract'
import { type Clock, type SessionManager, systemClock } from '@colloquy/session'
import express, { type Express } from 'express'
import { type Logger, pino } from 'pino'
import { beginRequest } from './begin-request.js'
import { checkHost, refuseForeignPages } from './check-host.js'
import { allowCrossOrigin, type CrossOriginOptions } from './cross-origin.js'
import { handleError } from './handle-error.js'
import { chatHandler } from './handlers/chat.js'
import { documentationHandlers } from './handlers/documentation.js'
import { serviceHandlers } from './handlers/service.js'
import { sessionHandlers } from './handlers/sessions.js'
import { mountRoutes } from './mount-routes.js'
import { giveRequestId } from './request-id.js'
import { requestLog } from './request-log.js'
import { ServerError } from './server-error.js'

/** What an app is made of. */
export interface AppOptions {
  /** Keeps the sessions and runs the turns. Whoever made it closes it. */
  readonly manager: SessionManager
  /** Where the requests' lines go. Default: nowhere. */
  readonly logger?: Logger
  /** The largest body of a request, in bytes. Default: 1,048,576 (1 MiB). */
  readonly bodyLimit?: number
  /** After how much silence a stream sends a comment, in milliseconds. Default: 15,000. */
  readonly keepAliveMs?: number
  /** What the service calls itself in its status. Default: `colloquy`. */
  readonly name?: string
  /** Its version in its status. Default: this package's. */
  readonly version?: string
  /**
   * The host names that requests may be for, without their ports; others are refused with `forbidden`. Default: any.
   * {@link serve} allows only this machine's names when only this machine can reach it. Where names are checked, pages
   * of other origins may change nothing, unless `crossOrigin` allows them.
   */
  readonly allowedHosts?: readonly string[]
  /** Which web pages of other origins may use the API. Default: none. */
  readonly crossOrigin?: CrossOriginOptions
  /** Default: the machine's clock. */
  readonly clock?: Clock
}

/** An express application that serves the API: to listen with, or to mount in another one, under any path. */
export function createApp(options: AppOptions): Express {
  const {
    manager,
    clock = systemClock,
    bodyLimit = 1_048_576,
    keepAliveMs = 15_000,
    name = 'colloquy',
    allowedHosts,
  } = options
  const routes = createRoutes(manager.limits)
  const identity = { name, version: options.version ?? ownVersion() }
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  app.enable('strict routing')
  app.enable('case sensitive routing')
  app.set('query parser', (query: string | null) => Object.fromEntries(new URLSearchParams(query ?? '')))
  app.use(beginRequest)
  app.use(giveRequestId)
  app.use(requestLog(options.logger ?? pino({ enabled: false })))
  if (options.crossOrigin !== undefined) app.use(allowCrossOrigin(options.crossOrigin))
  app.use(
    mountRoutes(
      routes,
      {
        chat: chatHandler(manager, { keepAliveMs, clock }),
        ...sessionHandlers(manager, routes.getSession.path),
        ...serviceHandlers(manager, clock, identity),
        ...documentationHandlers(identity, manager.limits),
      },
      {
        bodyLimit,
        checkCaller: allowedHosts === undefined ? [] : [checkHost(allowedHosts), refuseForeignPages],
      },
    ),
  )
  app.use((req) => {
    throw new ServerError('not_found', {
      detail: `There is no route ${req.method} ${req.baseUrl}${req.path}.`,
    })
  })
  app.use(handleError)
  return app
}

function ownVersion(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  return version
}
