import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { problemTable } from '@colloquy/contract'
import { expect, it } from 'vitest'
import { root } from './read-workspace.ts'

const page = readFileSync(join(root, 'docs/errors.md'), 'utf8')

it('the page of all errors has each code of the contract once, with its status, and no other', () => {
  const rows = Array.from(page.matchAll(/^\| `(\w+)` +\| (\d{3}) +\|/gm), ([, code = '', status]) => [
    code,
    Number(status),
  ])
  const told = Object.entries(problemTable).map(([code, { status }]) => [code, status])
  expect(Object.fromEntries(rows)).toEqual(Object.fromEntries(told))
  expect(rows).toHaveLength(told.length)
})

it('the page of all errors says of each code what it means, and what to do', () => {
  const rows = Array.from(page.matchAll(/^\| `\w+` +\| \d{3} +\|(.*)\|(.*)\|$/gm))
  expect(rows).toHaveLength(Object.keys(problemTable).length)
  for (const [row, meaning = '', advice = ''] of rows)
    expect([meaning.trim().length > 5, advice.trim().length > 5], row).toEqual([true, true])
})
