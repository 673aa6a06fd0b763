import type { Answer } from './ask.ts'

/** What is asked again and again, and what is right as an answer. */
export interface Exchange {
  /**
   * @param n the number of the request, from 0
   * @param lane the number of its connection, from 0: no two requests of one lane are under way at the same time
   */
  readonly request: (n: number, lane: number) => string
  /** What is wrong with the answer to request `n`; null when nothing is. */
  readonly faultOf: (answer: Answer, n: number, lane: number) => string | null
}

/** What is wrong with the status of an answer, with the beginning of what came with it. */
export function wrongStatus({ status, body }: Answer, right: number): string | null {
  return status === right ? null : `status ${status} instead of ${right}: ${body.slice(0, 300)}`
}
