import { type Problem, type ProblemCode, problem, problemTable } from '@colloquy/contract'
import { expect } from 'vitest'

/** Reads a problem, and holds it to everything that all problems have in common. */
export async function problemOf(response: Response, code: ProblemCode): Promise<Problem> {
  expect(response.headers.get('content-type')).toBe('application/problem+json')
  const body = problem.parse(await response.json())
  expect(body).toMatchObject({
    code,
    status: response.status,
    type: `urn:colloquy:problem:${code}`,
    title: problemTable[code].title,
  })
  expect(response.status).toBe(problemTable[code].status)
  expect(response.headers.get('x-request-id')).toBe(body.request_id)
  expect(response.headers.get('retry-after')).toBe(
    body.retry_after_seconds === undefined ? null : `${body.retry_after_seconds}`,
  )
  return body
}
