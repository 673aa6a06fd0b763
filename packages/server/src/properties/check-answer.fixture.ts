import { problem, type Route, turnEvent } from '@colloquy/contract'
import { expect } from 'vitest'
import type { z } from 'zod'

/** What is known of the request that was answered. */
export interface Asked {
  /** Left out where the request may have been for any route, or for none. */
  readonly route?: Route
  /** Whether it was a `HEAD`, whose answer has no body. Default: false. */
  readonly isHead?: boolean
}

/**
 * Holds any answer to what all answers have in common: a problem document that is true to its status line and its
 * headers, or a success that the schema of its route takes. Nothing else, and never a fault of the server.
 */
export async function checkAnswer(response: Response, { route, isHead = false }: Asked = {}): Promise<void> {
  const text = await response.text()
  const { status, headers } = response
  if (status >= 500) throw new Error(`The server is at fault: ${status} ${text.slice(0, 500)}`)
  expect(headers.get('x-request-id') ?? '').toMatch(/^[\x21-\x7e]{1,128}$/)
  if (isHead) expect(text).toBe('')
  else if (status >= 400) checkProblem(response, text)
  else if (status === 204) expect(text).toBe('')
  else if (headers.get('content-type') === 'text/event-stream') checkStream(text)
  else if (route !== undefined) checkContent(response, text, route)
}

function checkProblem({ status, headers }: Response, text: string): void {
  expect(headers.get('content-type')).toBe('application/problem+json')
  const body = problem.parse(JSON.parse(text))
  expect({ status: body.status, request_id: body.request_id }).toEqual({
    status,
    request_id: headers.get('x-request-id'),
  })
  expect(body.type).toBe(`urn:colloquy:problem:${body.code}`)
}

/**
 * Every frame is an event of the contract, numbered without a gap, from 1 or from where it reads on, and exactly the last
 * one ends the turn.
 */
function checkStream(text: string): void {
  const events = eventsIn(text)
  const [first = 1] = events.map(({ seq }) => seq)
  expect(events.map(({ seq }) => seq)).toEqual(events.map((_, index) => first + index))
  const isEnd = ({ type }: { type: string }) => /^turn\.(completed|failed|cancelled|interrupted)$/.test(type)
  expect(events.findIndex(isEnd)).toBe(events.length - 1)
}

function checkContent({ status, headers }: Response, text: string, route: Route): void {
  expect(status).toBe(route.response.status)
  const { contentType = 'application/json', schema } = route.response
  if (contentType !== 'application/octet-stream')
    expect(headers.get('content-type')?.split(';')[0]).toBe(contentType.split(';')[0])
  schema?.parse(contentType === 'application/json' ? (JSON.parse(text) as unknown) : text)
}

/** The events of an event stream, each held to the contract. */
export function eventsIn(text: string): z.output<typeof turnEvent>[] {
  return text
    .split('\n\n')
    .filter((frame) => frame !== '')
    .flatMap((frame) => {
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1]
      const data = field('data')
      const seq = Number(field('id'))
      return data === undefined
        ? []
        : [turnEvent.parse({ seq, type: field('event'), data: JSON.parse(data) as unknown })]
    })
}
