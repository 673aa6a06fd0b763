import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { defaultLimits } from './limits.js'
import { collect, echo, testManager } from './manager.fixture.js'

it('the README tells every limit, and none that there is not', () => {
  const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')
  const section = readme.split('\n## ').find((part) => part.startsWith('Limits\n')) ?? ''
  const rows = section.split('\n').filter((line) => line.startsWith('| `'))
  const named = rows.flatMap((row) => row.split('|')[1]?.match(/\w+/g) ?? [])
  expect(named.sort()).toEqual(Object.keys(defaultLimits).sort())
})

it('text is not bounded by what bounds other events', async () => {
  const { manager } = testManager(
    async function* () {
      yield 'x'.repeat(40_000)
    },
    { limits: { maxEventLength: 100 } },
  )
  const events = await collect((await manager.startTurn({ message: 'hello' })).events())
  expect(events.map((event) => (event.type === 'text.delta' ? event.text.length : event.type))).toEqual([
    'turn.started',
    32_768,
    7_232,
    'turn.completed',
  ])
  expect(events.at(-1)).toMatchObject({ content: 'x'.repeat(40_000) })
})

it('a choice is one word, and no list of it', () => {
  for (const limits of [{ whenFull: ['evict'] }, { onBusy: ['queue'] }]) {
    expect(() => testManager(echo, { limits: limits as never })).toThrow(/has to be '/)
  }
})
