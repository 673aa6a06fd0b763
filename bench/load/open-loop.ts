import type { Faults } from '../report/faults.ts'
import { type Answer, WholeAnswer } from './ask.ts'
import type { Connection } from './connection.ts'
import type { Exchange } from './exchange.ts'

/** An answer that came. */
export interface TimedAnswer {
  /** As `performance.now()` tells it. */
  readonly sentAt: number
  /** How long it took, in milliseconds. */
  readonly ms: number
  readonly status: number
}

/** What came of requests that were sent by the clock. */
export interface OpenLoopResult {
  readonly answers: readonly TimedAnswer[]
  /** Requests whose time came when no connection was free: they were not sent. */
  readonly missed: number
}

/** What is sent. */
export interface OpenLoad {
  readonly perSecond: number
  /** Sending goes on until it is aborted. */
  readonly signal: AbortSignal
  readonly exchange: Exchange
}

/** So long the last answers may take. */
const lateMs = 20_000

/**
 * Asks so often, whether or not answers come: as people do, who know nothing of each other.
 *
 * @throws Error when a connection breaks, or an answer does not come
 */
export async function openLoop(
  connections: readonly Connection[],
  { perSecond, signal, exchange }: OpenLoad,
  faults: Faults,
): Promise<OpenLoopResult> {
  const answers: TimedAnswer[] = []
  const free: ((n: number) => void)[] = []
  let broken: Error | null = null
  for (const [lane, connection] of connections.entries()) {
    let n = 0
    let sentAt = 0
    const tell = (answer: Answer): void => {
      answers.push({ sentAt, ms: performance.now() - sentAt, status: answer.status })
      const fault = exchange.faultOf(answer, n, lane)
      if (fault !== null) faults.add(fault)
      free.push(send)
    }
    const reader = new WholeAnswer(tell, (error) => {
      broken = error
    })
    const send = (number: number): void => {
      n = number
      sentAt = performance.now()
      connection.send(exchange.request(n, lane), reader)
    }
    free.push(send)
  }
  const begun = performance.now()
  const tick = async (): Promise<void> => {
    await new Promise((resolve) => setTimeout(resolve, 1))
    if (broken !== null) throw broken
  }
  let missed = 0
  for (let due = 0; !signal.aborted; await tick()) {
    for (; due < ((performance.now() - begun) / 1_000) * perSecond; due += 1) {
      const send = free.shift() // each in turn: servers close what is not used
      if (send === undefined) missed += 1
      else send(due)
    }
  }
  const lateAt = performance.now() + lateMs
  while (free.length < connections.length) {
    if (performance.now() > lateAt) throw new Error(`Answers were missing after ${lateMs} ms.`)
    await tick()
  }
  return { answers, missed }
}
