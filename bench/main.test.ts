import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { workloads } from './workloads/all.ts'

function bench(...args: readonly string[]) {
  const main = join(import.meta.dirname, 'main.ts')
  return spawnSync(process.execPath, [main, ...args], { encoding: 'utf8', timeout: 60_000 })
}

describe('pnpm bench', () => {
  it('tells what it can do', () => {
    const { status, stdout } = bench('--help')
    expect(status).toBe(0)
    for (const { name, about } of workloads) expect(stdout).toMatch(new RegExp(`  ${name} +${about}`))
  })

  it('tells what it does not know, and ends with 2', () => {
    const { status, stdout, stderr } = bench('--only', 'nothing')
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(/^There is no workload nothing\. There are: json-turn, /)
  })

  it.skipIf(process.platform !== 'linux')(
    'measures both sides (from /proc), as a table and as JSON',
    () => {
      const folder = mkdtempSync(join(tmpdir(), 'colloquy-bench-test-'))
      onTestFinished(() => rmSync(folder, { recursive: true }))
      const json = join(folder, 'results.json')
      const { status, stdout, stderr } = bench(
        '--quick',
        '--only',
        'session-create',
        '--rounds',
        '2',
        '--json',
        json,
      )
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
      expect(stdout).toContain('| session create, c=16, CPU per request |')
      expect(stdout).toMatch(/Every answer was right\.\n$/)
      expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
        quick: true,
        rounds: 2,
        results: [
          {
            workload: 'session-create',
            rows: [
              { unit: 'µs', bar: { of: 'ratio', atMost: 2 }, ratio: { median: expect.any(Number) } },
              { what: 'session create, c=16, p50', unit: 'ms' },
              { what: 'session create, c=16, p99', unit: 'ms' },
              { what: 'session create, memory afterwards', unit: 'MB' },
            ],
          },
        ],
        faults: { count: 0, first: [] },
      })
    },
    60_000,
  )
})
