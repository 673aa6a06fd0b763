import type { ResponseConfig } from '@asteasolutions/zod-to-openapi'
import { problemKind } from '../problem-table.js'
import { commonProblems, type Route } from '../routes.js'
import { problem } from '../schemas/problem.js'
import type { ProblemCode } from '../types.js'
import { always, type Headers, when } from './headers.js'
import { isAboutTurn, problemExample } from './problem-example.js'

/**
 * The problems that a route can answer with, by their status, with an example of each.
 *
 * @param refusals which of those that depend on who asks can come
 */
export function problemResponses(
  route: Route,
  refusals: { readonly unauthenticated: boolean; readonly forbidden: boolean },
): Record<string, ResponseConfig> {
  const wanted = Object.entries(refusals) as [keyof typeof refusals, boolean][]
  const codes = new Set<ProblemCode>([...commonProblems, ...route.problems])
  for (const [code, isWanted] of wanted) {
    if (isWanted) codes.add(code)
    else codes.delete(code)
  }
  const byStatus = Map.groupBy([...codes].sort(byStatusOf), (code) => problemKind(code).status)
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [status, problemResponse(route, status, codes)]),
  )
}

function byStatusOf(a: ProblemCode, b: ProblemCode): number {
  return problemKind(a).status - problemKind(b).status
}

function problemResponse(route: Route, status: number, codes: readonly ProblemCode[]): ResponseConfig {
  const examples = Object.fromEntries(
    codes.map((code) => [code, { summary: problemKind(code).title, value: problemExample(code, route) }]),
  )
  return {
    description: codes.map((code) => `\`${code}\`: ${problemKind(code).detail}`).join('\n\n'),
    headers: headersOf(route, status, codes),
    content: { 'application/problem+json': { schema: problem, examples } },
  }
}

/** What is found before there is a request whose time could be taken, always or sometimes. */
const untimed: Readonly<Partial<Record<ProblemCode, 'always' | 'sometimes'>>> = {
  bad_request: 'sometimes',
  request_timeout: 'always',
  headers_too_large: 'always',
}

function headersOf(route: Route, status: number, codes: readonly ProblemCode[]): Headers {
  // A turn can also fail with what otherwise keeps it from beginning.
  const isTurn = beginsTurn(route) && (codes.some(isAboutTurn) || status === 503)
  return {
    ...always('X-Request-Id'),
    ...timingOf(codes),
    ...(isTurn ? when('Only for a problem about a turn.', 'X-Session-Id', 'X-Turn-Id') : {}),
    ...(isTurn ? when('Only on a repeat.', 'Idempotency-Replayed') : {}),
    ...(isTurn ? when('Only where trying again can help.', 'Retry-After') : {}),
    ...(status === 401 ? always('WWW-Authenticate') : {}),
    ...(status === 503 ? always('Retry-After') : {}),
  }
}

/** Whether a route answers with the end of a turn that it has begun. */
function beginsTurn({ request, response }: Route): boolean {
  return request.body !== undefined && response.stream === true
}

function timingOf(codes: readonly ProblemCode[]): Headers {
  const names = ['Server-Timing', 'X-Response-Time'] as const
  if (codes.every((code) => untimed[code] === 'always')) return {}
  return codes.some((code) => untimed[code] !== undefined)
    ? when('Not where the request was no whole HTTP.', ...names)
    : always(...names)
}
