import type { Route, RouteName, Routes } from '@colloquy/contract'
import type { SessionScope } from '@colloquy/session'
import { type Request, type RequestHandler, type Response, Router } from 'express'
import type { z } from 'zod'
import { checkQuery, repeatedParameters } from './check-query.js'
import { readBody } from './read-body.js'
import { readHeaders } from './read-headers.js'
import { factsOf } from './request-facts.js'
import { sendJson, sendNothing } from './send-json.js'
import { ServerError } from './server-error.js'
import { validate } from './validate.js'

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** What a handler is given: the request's parts as the route's schemas made them. */
export interface Exchange<R extends Route> {
  readonly req: Request
  readonly res: Response
  /** The sessions and turns of whoever sent the request. */
  readonly scope: SessionScope
  readonly params: R['request'] extends { readonly params: infer P } ? Output<P> : undefined
  readonly query: R['request'] extends { readonly query: infer Q } ? Output<Q> : undefined
  readonly headers: R['request'] extends { readonly headers: infer H } ? Output<H> : undefined
  readonly body: R['request'] extends { readonly body: { readonly schema: infer B } } ? Output<B> : undefined
}

/**
 * A handler for each route of the contract: none is missing, and none is there that the contract does not have. It
 * answers with its route's content, with null for none, or with undefined when it has sent the answer itself.
 */
export type Handlers = {
  readonly [Name in RouteName]: (exchange: Exchange<Routes[Name]>) => Promise<unknown>
}

/** How routes are mounted. */
export interface MountOptions {
  /** The routes that are not mounted: to whoever asks, there is no such route. */
  readonly omit: readonly RouteName[]
  /** The largest body, in bytes. */
  readonly bodyLimit: number
  /** What looks at every request for the path of these routes, whatever its method. */
  readonly checksOfPath: (routes: readonly Route[]) => readonly RequestHandler[]
  /** What looks at who asks for a route, before anything of the request is read. */
  readonly checksOf: (route: Route) => readonly RequestHandler[]
  /** The sessions and turns of those whom no check has found to be somebody. */
  readonly scope: SessionScope
}

/**
 * Mounts every route of the contract. The faults of a request are found in the order: route, what `checksOfPath`
 * finds, the query's encoding, method, caller, body, headers, fields.
 */
export function mountRoutes(
  routes: Routes,
  handlers: Handlers,
  { omit, bodyLimit, checksOfPath, checksOf, scope }: MountOptions,
): Router {
  const router = Router({ strict: true, caseSensitive: true })
  const paths = Map.groupBy(
    (Object.entries(routes) as [RouteName, Route][]).filter(([name]) => !omit.includes(name)),
    ([, route]) => route.path,
  )
  for (const [path, entries] of paths) {
    const mounted = router.route(expressPath(path))
    mounted.all(
      (_req, res, next) => {
        factsOf(res).route = path
        next()
      },
      ...checksOfPath(entries.map(([, route]) => route)),
      checkQuery,
    )
    for (const [name, route] of entries) {
      const answer = answerWith(route, handlers[name] as (exchange: object) => Promise<unknown>, scope)
      const { body } = route.request
      const before = body === undefined ? [] : [readBody({ limit: bodyLimit, required: body.required })]
      mounted[route.method](...checksOf(route), ...before, answer)
    }
    const allow = allowedMethods(entries.map(([, route]) => route))
    mounted.options((_req, res) => sendNothing(res.setHeader('Allow', allow), 204))
    mounted.all((req) => {
      throw new ServerError('method_not_allowed', {
        detail: `${req.method} is not allowed here.`,
        headers: { Allow: allow },
      })
    })
  }
  return router
}

/** Puts values into a path of the contract: `/sessions/{session_id}` becomes `/sessions/sess_1`. */
export function fillPath(path: string, values: Readonly<Record<string, string>>): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name] ?? ''))
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

function allowedMethods(routes: readonly Route[]): string {
  const methods = routes.flatMap(({ method }) =>
    method === 'get' ? ['GET', 'HEAD'] : [method.toUpperCase()],
  )
  return [...methods, 'OPTIONS'].join(', ')
}

function answerWith(route: Route, handle: (exchange: object) => Promise<unknown>, nobodys: SessionScope) {
  const { request, response } = route
  return async (req: Request, res: Response): Promise<void> => {
    const headers = readHeaders(request.headers, req)
    const [params, query, body] = validate([
      { in: 'path', schema: request.params, input: req.params },
      { in: 'query', schema: request.query, input: req.query, faults: repeatedParameters(req) },
      { in: 'body', schema: request.body?.schema, input: req.body === undefined ? {} : req.body },
    ])
    const { scope = nobodys } = factsOf(res)
    const content = await handle({ req, res, scope, params, query, headers, body })
    if (content === null) sendNothing(res, response.status)
    else if (content !== undefined) sendJson(res, response.status, content)
  }
}
