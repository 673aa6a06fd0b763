import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { LogTail } from './log-tail.ts'

it('tells the whole lines that were added since the last time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-log-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const path = join(folder, 'log')
  writeFileSync(path, 'collected before\n')
  const log = new LogTail(path)
  expect(log.read('collected')).toEqual([])
  appendFileSync(path, 'collected 1\nanswered\ncollected 2\ncolle')
  expect(log.read('collected')).toEqual(['collected 1', 'collected 2'])
  appendFileSync(path, 'cted 3\n')
  expect(log.read('collected')).toEqual(['collected 3'])
  expect(log.read('collected')).toEqual([])
})
