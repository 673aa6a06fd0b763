import type { Profiler } from 'node:inspector'
import { expect, it } from 'vitest'
import { shareLines, summarize } from './profile-summary.ts'

const node = (id: number, functionName: string, url: string): Profiler.ProfileNode => ({
  id,
  callFrame: { functionName, scriptId: '1', url, lineNumber: 9, columnNumber: 0 },
})
const profile: Profiler.Profile = {
  nodes: [
    node(1, '(idle)', ''),
    node(2, '(garbage collector)', ''),
    node(3, 'child', 'file:///somewhere/node_modules/.pnpm/pino@10/node_modules/pino/lib/proto.js'),
    node(4, '', 'file:///somewhere/packages/server/dist/index.js'),
    node(5, 'child', 'file:///somewhere/node_modules/.pnpm/pino@10/node_modules/pino/lib/proto.js'),
    node(6, 'post', 'node:inspector'),
    node(7, 'nextTick', 'node:internal/process/task_queues'),
    node(8, 'find', 'file:///somewhere/node_modules/@scope/name/index.js'),
  ],
  startTime: 0,
  endTime: 1,
  samples: [1, 2, 3, 4, 5, 6, 7, 8],
  timeDeltas: [9_000, 1_000, 2_000, 1_000, 3_000, 9_000, 500, 250],
}

it('adds up where time went, without idleness and the profiler itself', () => {
  const { packages, functions } = summarize([profile, profile])
  expect(packages).toEqual([
    { name: 'pino', selfMs: 10 },
    { name: 'engine', selfMs: 2 },
    { name: 'packages/server', selfMs: 2 },
    { name: 'node:internal/process/task_queues', selfMs: 1 },
    { name: '@scope/name', selfMs: 0.5 },
  ])
  expect(functions.slice(0, 3)).toEqual([
    { name: 'child — pino:10', selfMs: 10 },
    { name: '(garbage collector) — engine', selfMs: 2 },
    { name: '(anonymous) — packages/server:10', selfMs: 2 },
  ])
})

it('tells the most of it', () => {
  const shares = [
    { name: 'a', selfMs: 3 },
    { name: 'b', selfMs: 1 },
    { name: 'c', selfMs: 0 },
  ]
  expect(shareLines(shares, 2)).toBe(' 75.0 %  a\n 25.0 %  b')
})
