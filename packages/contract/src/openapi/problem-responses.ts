import type { ResponseConfig } from '@asteasolutions/zod-to-openapi'
import { problemKind } from '../problem-table.js'
import { commonProblems, type Route } from '../routes.js'
import { problem } from '../schemas/problem.js'
import type { Problem, ProblemCode } from '../types.js'
import { allowHeaders, commonHeaders, retryHeaders } from './headers.js'

/** The problems that a route can answer with, by their status, with an example of each. */
export function problemResponses(route: Route): Record<string, ResponseConfig> {
  const codes = [...commonProblems, ...route.problems]
  const byStatus = Map.groupBy(new Set(codes), (code) => problemKind(code).status)
  return Object.fromEntries([...byStatus].map(([status, codes]) => [status, problemResponse(status, codes)]))
}

function problemResponse(status: number, codes: readonly ProblemCode[]): ResponseConfig {
  const examples = Object.fromEntries(codes.map((code) => [code, { value: exampleOf(code) }]))
  return {
    description: codes.map((code) => `\`${code}\`: ${problemKind(code).detail}`).join('\n\n'),
    headers: status === 405 ? allowHeaders : status === 503 ? retryHeaders : commonHeaders,
    content: { 'application/problem+json': { schema: problem, examples } },
  }
}

function exampleOf(code: ProblemCode): Problem {
  const { status, title, detail, retryAfterSeconds } = problemKind(code)
  return {
    type: `urn:colloquy:problem:${code}`,
    title,
    status,
    detail,
    code,
    ...(code === 'validation_failed'
      ? { errors: [{ in: 'body', path: '/message', message: 'Must not be empty' }] }
      : {}),
    ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
    request_id: 'd6e83bec-174f-4be7-9563-02b2fc9aba18',
  }
}
