import { describe, expect, it } from 'vitest'
import { failure } from '../command-error.js'
import { type Check, type CheckFinding, fault, ok, unchecked, warning } from './finding.js'
import { runChecks } from './run-checks.js'
import { summaryOf, tellFinding } from './tell-finding.js'

async function found(checks: readonly Check[]): Promise<readonly CheckFinding[]> {
  const findings: CheckFinding[] = []
  for await (const finding of runChecks(checks)) findings.push(finding)
  return findings
}

describe('checks', () => {
  it('run at once, and are told in their order', async () => {
    const gate = Promise.withResolvers<void>()
    const first: Check = { name: 'first', run: () => gate.promise.then(() => ok('one')) }
    const second: Check = {
      name: 'second',
      async run() {
        gate.resolve()
        return [ok('two'), warning('three', 'mend')]
      },
    }
    expect(await found([first, second])).toEqual([
      { check: 'first', status: 'ok', found: 'one' },
      { check: 'second', status: 'ok', found: 'two' },
      { check: 'second', status: 'warning', found: 'three', mend: 'mend' },
    ])
  })

  it('that never end are faults, and are told to stop', async () => {
    let isStopped = false
    const run: Check['run'] = (signal) => {
      signal.addEventListener('abort', () => {
        isStopped = true
      })
      return new Promise(() => undefined)
    }
    const [finding] = await found([{ name: 'stuck', patienceMs: 5, run }])
    expect(finding).toMatchObject({ status: 'fault', found: 'It took longer than 0.005 seconds.' })
    expect(isStopped).toBe(true)
  })

  it.each([
    [failure('It is so.'), 'It is so.'],
    [new Error('broken'), 'broken'],
    [new TypeError(), 'TypeError'],
    ['text', 'text'],
  ])('that throw are faults: %s', async (error, told) => {
    async function run(): Promise<never> {
      throw error
    }
    expect(await found([{ name: 'x', run }])).toEqual([{ check: 'x', status: 'fault', found: told }])
  })

  it('tell no credentials', async () => {
    const run = async () => fault('401 for Bearer A1b2A1b2C3d4e5f6', 'Ask.')
    expect((await found([{ name: 'x', run }]))[0]?.found).toBe('401 for Bearer ***')
  })
})

describe('a finding', () => {
  const finding: CheckFinding = {
    check: 'port',
    ...fault('Port 8000 is taken by\u001b another program.', 'Choose another.'),
  }
  const style = { colours: false, names: ['port', 'settings'] }

  it('is a line, with what to do below it', () => {
    expect(tellFinding(finding, style)).toBe(
      'fault      port      Port 8000 is taken by another program.\n                     Choose another.\n',
    )
  })

  it('is broken between words on a terminal', () => {
    expect(tellFinding(finding, { ...style, columns: 60 })).toBe(
      'fault      port      Port 8000 is taken by another program.\n                     Choose another.\n',
    )
    expect(tellFinding({ ...finding, found: `${finding.found} So it is.` }, { ...style, columns: 60 })).toBe(
      'fault      port      Port 8000 is taken by another program.\n' +
        '                     So it is.\n                     Choose another.\n',
    )
  })

  it('stands below its name on a narrow one', () => {
    expect(tellFinding(finding, { ...style, columns: 30 })).toBe(
      'fault  port\n  Port 8000 is taken by\n  another program.\n  Choose another.\n',
    )
  })

  it('has a colour where there are any', () => {
    expect(tellFinding({ check: 'port', ...ok('Free.') }, { ...style, colours: true })).toBe(
      '\u001b[32mok       \u001b[39m  port      Free.\n',
    )
  })

  it.each([
    [[], 'All is in order.'],
    [[ok('a'), unchecked('b')], 'All that was checked is in order.'],
    [[fault('a', '')], '1 fault.'],
    [[fault('a', ''), warning('b', ''), warning('c', '')], '1 fault, 2 warnings.'],
  ])('is counted: %j', (some, summary) => {
    expect(summaryOf(some.map((one) => ({ check: 'x', ...one })))).toBe(summary)
  })
})
