import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { root } from './read-workspace.ts'
import { startProgram } from './start-program.ts'

it('the README of the workspace shows what the server says when it has started', async () => {
  const readme = readFileSync(join(root, 'README.md'), 'utf8')
  const [, shown] = /What you see:\n\n```text\n(.*?)^```$/ms.exec(readme) ?? []
  const lines = shown?.trimEnd().split('\n') ?? []
  expect(lines.length).toBeGreaterThan(1)
  const isLast = (line: string) => line.startsWith(lines.at(-1)?.replace(/:8000.*/, ':') ?? '')
  const env = { COLLOQUY_PORT: '0', COLLOQUY_PRETTY: 'true' } // otherwise a terminal and port 8000
  const { said, close } = await startProgram(
    [process.execPath, join(root, 'apps/server/dist/main.js')],
    isLast,
    { env },
  )
  onTestFinished(close)
  const shownHere = said.slice(0, lines.length).map((line) => {
    // On its usual port, it need not be named.
    return line.replaceAll(/localhost:\d+/g, 'localhost:8000').replace(' --url http://localhost:8000', '')
  })
  expect(shownHere).toEqual(lines)
})
