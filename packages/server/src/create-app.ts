import {
  type AccessRules,
  checksHost,
  createRoutes,
  needsKey,
  type Route,
  type RouteName,
  type Routes,
} from '@colloquy/contract'
import { type Clock, type SessionManager, systemClock } from '@colloquy/session'
import express, { type Express } from 'express'
import { type Logger, pino } from 'pino'
import { handleError } from './answer/handle-error.js'
import { ServerError } from './answer/server-error.js'
import { type Authenticate, type DocumentationAccess, requireCaller } from './callers/authenticate.js'
import { checkHost } from './callers/check-host.js'
import { allowCrossOrigin, type CrossOriginOptions } from './callers/cross-origin.js'
import { refuseForeignPages } from './callers/refuse-foreign-pages.js'
import { chatHandler } from './handlers/chat.js'
import { documentationHandlers } from './handlers/documentation.js'
import { metricsHandlers } from './handlers/metrics.js'
import { serviceHandlers } from './handlers/service.js'
import { sessionHandlers } from './handlers/sessions.js'
import { turnHandlers } from './handlers/turns.js'
import { type AppMetrics, createAppMetrics } from './metrics/create-metrics.js'
import { createScrape } from './metrics/scrape.js'
import { mountRoutes } from './mount-routes.js'
import { ownVersion } from './own-version.js'
import { openRequest } from './request/open-request.js'
import { createTurnSender } from './stream/send-turn.js'

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
  /**
   * How long the reader of a stream may take nothing of what it is sent, in milliseconds. Then its connection is closed,
   * and it can come back with `Last-Event-ID`. The system's buffers take megabytes and hide how slow it is: so it gets a
   * second more for every 8 KiB that were sent on its connection, up to 512 seconds, and one that reads 8 KiB a second is
   * never dropped. Default: 30,000.
   */
  readonly stalledReaderMs?: number
  /** What the service calls itself, in its status and its documentation. Default: `colloquy`. */
  readonly name?: string
  /** Its version, in its status and its documentation. Default: this package's. */
  readonly version?: string
  /**
   * The host names that requests may be for, without their ports; others are refused with `forbidden`. Default: any.
   * Where there is `authenticate`, health is told whatever the host: probes come by address.
   * {@link serve} allows only this machine's names when only this machine can reach it and there is no `authenticate`.
   */
  readonly allowedHosts?: readonly string[]
  /**
   * Tells who sent a request; who is nobody it knows gets no further. Sessions belong to the caller who made them, and
   * do not exist for others. {@link createApiKeys} makes one from keys. Health is told to everybody. Default: everybody
   * is welcome, and all work with the same sessions; but pages of other origins may change nothing, unless `crossOrigin`
   * allows them.
   */
  readonly authenticate?: Authenticate
  /**
   * Who may read `/openapi.json`, `/docs` and `/redoc`: everybody (`open`), callers that `authenticate` knows (`key`), or
   * nobody, because there are none (`off`). Default: `open`.
   */
  readonly documentation?: DocumentationAccess
  /**
   * The proxies in front whose `X-Forwarded-For` is believed, as express takes them: how many, or their addresses and
   * ranges. The log has the address of the client then. Default: none.
   */
  readonly trustProxy?: boolean | number | readonly string[]
  /** Which web pages of other origins may use the API. Default: none. */
  readonly crossOrigin?: CrossOriginOptions
  /**
   * What is counted and measured, as {@link createMetrics} makes it; `/metrics` shows it. The manager's part is in it when
   * the manager was made with its observer. Default: metrics of this app alone, without those of turns and of the store.
   */
  readonly metrics?: AppMetrics
  /** Routes that are not served: to whoever asks, there is no such route. Default: none. */
  readonly omit?: readonly RouteName[]
  /** Default: the machine's clock. */
  readonly clock?: Clock
}

/**
 * An express application that serves the API: to listen with, or to mount in another one, under any path.
 *
 * @throws RangeError when the documentation is for callers with a key, and nothing tells who has one; or when
 * `crossOrigin` can not be as it is
 */
export function createApp(options: AppOptions): Express {
  const {
    manager,
    clock = systemClock,
    bodyLimit = 1_048_576,
    keepAliveMs = 15_000,
    stalledReaderMs = 30_000,
    name = 'colloquy',
    allowedHosts,
    authenticate,
    documentation = 'open',
  } = options
  if (documentation === 'key' && authenticate === undefined) {
    throw new RangeError(
      `The documentation is for callers with a key, and nobody can have one: give the option authenticate, or make it "open" or "off".`,
    )
  }
  const access: AccessRules = {
    authentication: authenticate === undefined ? 'none' : 'required',
    documentation: documentation === 'key' ? 'key' : 'open',
  }
  const routes = createRoutes(manager.limits)
  const identity = { name, version: options.version ?? ownVersion() }
  const callerCheck = authenticate === undefined ? null : requireCaller(authenticate, manager)
  const sendTurn = createTurnSender({ keepAliveMs, stalledReaderMs, clock })
  const metrics = options.metrics ?? createAppMetrics({ version: identity.version })
  const undocumented = documentation === 'off' ? namesOf(routes, 'documentation') : []
  const omit = [...(options.omit ?? []), ...undocumented]
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  if (options.trustProxy !== undefined) app.set('trust proxy', options.trustProxy)
  app.enable('strict routing')
  app.enable('case sensitive routing')
  app.set('query parser', (query: string | null) => Object.fromEntries(new URLSearchParams(query ?? '')))
  const open = openRequest(metrics, options.logger ?? pino({ enabled: false }))
  const allow = options.crossOrigin === undefined ? null : allowCrossOrigin(options.crossOrigin)
  // One handler, as in `mountRoutes`: express does much between two.
  app.use((req, res, next) => {
    open(req, res)
    if (allow === null) next()
    else allow(req, res, next)
  })
  mountRoutes(
    app,
    routes,
    {
      chat: chatHandler(manager, sendTurn),
      ...sessionHandlers(routes.getSession.path),
      ...turnHandlers(sendTurn),
      ...serviceHandlers(manager, clock, identity),
      ...metricsHandlers(createScrape(metrics, manager, clock)),
      ...documentationHandlers({
        title: name,
        version: identity.version,
        limits: manager.limits,
        omit,
        ...access,
      }),
    },
    {
      omit,
      bodyLimit,
      scope: manager,
      checksOfPath(routes) {
        const isChecked = routes.some((route) => checksHost(route, access))
        return allowedHosts !== undefined && isChecked ? [checkHost(allowedHosts)] : []
      },
      checksOf(route) {
        if (callerCheck === null) return [refuseForeignPages]
        return needsKey(route, access) ? [callerCheck] : []
      },
    },
  )
  app.use((req) => {
    throw new ServerError('not_found', {
      detail: `There is no route ${req.method} ${req.baseUrl}${req.path}.`,
    })
  })
  app.use(handleError)
  return app
}

/** The names of the routes that are for the same people. */
function namesOf(routes: Routes, access: Route['access']): RouteName[] {
  return (Object.keys(routes) as RouteName[]).filter((name) => routes[name].access === access)
}
