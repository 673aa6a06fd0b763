import type { ProblemError, Route, RouteName, Routes } from '@colloquy/contract'
import type { SessionScope } from '@colloquy/session'
import type { Express, Request, Response } from 'express'
import type { z } from 'zod'
import { sendJson, sendNothing } from './answer/send-json.js'
import { ServerError } from './answer/server-error.js'
import { checkQuery, repeatedParameters } from './input/check-query.js'
import { readBody } from './input/read-body.js'
import { headerReader } from './input/read-headers.js'
import { validate, validationFailed } from './input/validate.js'
import type { RequestCheck } from './request/request-check.js'
import { factsOf } from './request/request-facts.js'

type Output<Schema> = Schema extends z.ZodType ? z.output<Schema> : undefined

/** What a handler is given: the request's parts as the route's schemas made them. */
interface Exchange<R extends Route> {
  readonly req: Request
  readonly res: Response
  /** The sessions and turns of whoever sent the request. */
  readonly scope: SessionScope
  readonly params: R['request'] extends { readonly params: infer P } ? Output<P> : undefined
  readonly query: R['request'] extends { readonly query: infer Q } ? Output<Q> : undefined
  readonly headers: R['request'] extends { readonly headers: infer H } ? Output<H> : undefined
  readonly body: R['request'] extends { readonly body: { readonly schema: infer B } } ? Output<B> : undefined
}

/** What the handler of a route is given. */
export type ExchangeOf<Name extends RouteName> = Exchange<Routes[Name]>

/**
 * A handler for each route of the contract: none is missing, and none is there that the contract does not have. It
 * answers with its route's content, with null for none, or with undefined when it has sent the answer itself.
 */
export type Handlers = {
  readonly [Name in RouteName]: (exchange: ExchangeOf<Name>) => Promise<unknown>
}

/** How routes are mounted. */
export interface MountOptions {
  /** The routes that are not mounted: to whoever asks, there is no such route. */
  readonly omit: readonly RouteName[]
  /** The largest body, in bytes. */
  readonly bodyLimit: number
  /** What looks at every request for the path of these routes, whatever its method. */
  readonly checksOfPath: (routes: readonly Route[]) => readonly RequestCheck[]
  /** What looks at who asks for a route, before anything of the request is read. */
  readonly checksOf: (route: Route) => readonly RequestCheck[]
  /** The sessions and turns of those whom no check has found to be somebody. */
  readonly scope: SessionScope
}

/**
 * Mounts every route of the contract, each path as one handler: what express does between two handlers costs as much as
 * what some of them do. The faults of a request are found in the order: route, what `checksOfPath` finds, the query's
 * encoding, method, caller, body, headers, fields.
 */
export function mountRoutes(app: Express, routes: Routes, handlers: Handlers, options: MountOptions): void {
  const paths = Map.groupBy(
    (Object.entries(routes) as [RouteName, Route][]).filter(([name]) => !options.omit.includes(name)),
    ([, route]) => route.path,
  )
  for (const [path, entries] of paths) {
    const checks = options.checksOfPath(entries.map(([, route]) => route))
    const answers = new Map<string, Answer>()
    for (const [name, route] of entries) {
      const answer = answerWith(route, handlers[name] as Handler, options)
      answers.set(route.method.toUpperCase(), answer)
      if (route.method === 'get') answers.set('HEAD', answer)
    }
    const allow = [...answers.keys(), 'OPTIONS'].join(', ')
    const refuse: Answer = ({ method }, res) => {
      if (method !== 'OPTIONS') {
        throw new ServerError('method_not_allowed', {
          detail: `${method} is not allowed here.`,
          headers: { Allow: allow },
        })
      }
      sendNothing(res, 204, ['Allow', allow])
    }
    const answer: Answer = (req, res) => {
      checkQuery(req)
      return (answers.get(req.method) ?? refuse)(req, res)
    }
    // express 5 takes a rejection for an error.
    app.route(expressPath(path)).all((req, res) => {
      factsOf(res).route = path
      return after(pass(checks, req, res), answer, req, res)
    })
  }
}

function expressPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ':$1')
}

/** Makes a request pass checks. Most of them look at its headers alone, and nothing has to be waited for. */
function pass(
  checks: readonly RequestCheck[],
  req: Request,
  res: Response,
  from = 0,
): Promise<void> | undefined {
  for (let index = from; index < checks.length; index += 1) {
    const waiting = checks[index]?.(req, res)
    if (waiting !== undefined) return waiting.then(() => pass(checks, req, res, index + 1))
  }
  return undefined
}

type Handler = (exchange: object) => Promise<unknown>
type Answer = (req: Request, res: Response) => Promise<void> | void

/**
 * Answers when checks have passed. An `async` function would keep all that it knows in an object of its own, also where nothing
 * has to be waited for.
 */
function after(
  waiting: Promise<void> | undefined,
  answer: Answer,
  req: Request,
  res: Response,
): Promise<void> | void {
  return waiting === undefined ? answer(req, res) : waiting.then(() => answer(req, res))
}

function answerWith(
  route: Route,
  handle: Handler,
  { bodyLimit, checksOf, scope: nobodys }: MountOptions,
): Answer {
  const { request, response } = route
  const checks = checksOf(route)
  const readHeaders = request.headers && headerReader(request.headers)
  const reading = request.body && { limit: bodyLimit, required: request.body.required }
  const answer = async (req: Request, res: Response): Promise<void> => {
    const given = reading === undefined ? undefined : await readBody(req, res, reading)
    const headers = readHeaders?.(req.headers)
    const errors: ProblemError[] = []
    const params = request.params && validate('path', request.params, req.params, errors)
    const query = request.query && readQuery(request.query, req, errors)
    const body =
      request.body && validate('body', request.body.schema, given === undefined ? {} : given, errors)
    if (errors.length > 0) throw validationFailed(errors)
    const { scope = nobodys } = factsOf(res)
    // Not waited for in here: a stream may last for hours, and would keep all that is known here.
    return handle({ req, res, scope, params, query, headers, body }).then((content) => {
      if (content === null) sendNothing(res, response.status)
      else if (content !== undefined) sendJson(res, response.status, content)
    })
  }
  return (req, res) => after(pass(checks, req, res), answer, req, res)
}

function readQuery(schema: z.ZodType, req: Request, errors: ProblemError[]): unknown {
  errors.push(...repeatedParameters(req))
  return validate('query', schema, req.query, errors)
}
