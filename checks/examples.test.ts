import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ChatContext, loadChat } from '@colloquy/chat'
import { describe, expect, it } from 'vitest'
import { root } from './read-workspace.ts'
import { runNode } from './run-node.ts'

const cwd = join(root, 'examples')
const examples = readdirSync(cwd)
  .filter((name) => name.endsWith('.ts'))
  .map((name) => ({ name, text: readFileSync(join(cwd, name), 'utf8') }))
/** How many tests each has at least: that of a whole suite is more than a file that runs none of it. */
const tests: Readonly<Record<string, number>> = { 'own-store.test.ts': 101, 'own-chat.test.ts': 51 }
const isTest = (name: string) => name.endsWith('.test.ts')
const isModule = (text: string) => text.includes('export default')
const isProgram = (text: string) => text.includes('import.meta.main') || !isModule(text)

describe('an example', () => {
  it.each(examples.filter(({ name, text }) => !isTest(name) && isProgram(text)))(
    'runs, and finds what it asserts: $name',
    async ({ name }) => {
      expect(await runNode([name], { cwd })).toEqual({ exitCode: 0, stdout: 'ok\n', stderr: '' })
    },
  )

  it.each(examples.filter(({ name }) => isTest(name)))('passes its tests: $name', async ({ name }) => {
    const { exitCode, stdout, stderr } = await runNode(['--test', '--test-reporter=tap', name], { cwd })
    const failed = stdout.split('\n').filter((line) => line.trimStart().startsWith('not ok'))
    expect({ exitCode, failed, stderr }).toEqual({ exitCode: 0, failed: [], stderr: '' })
    expect(Number(/^# pass (\d+)$/m.exec(stdout)?.[1])).toBeGreaterThanOrEqual(tests[name] ?? Number.NaN)
  })

  it.each(examples.filter(({ text }) => isModule(text)))(
    'is a chat that can be loaded: $name',
    async ({ name }) => {
      expect((await loadChat(name, { cwd })).name).toMatch(/^\w/)
    },
  )

  it('of five lines, importing nothing, is a whole chat: echo.ts', async () => {
    const lines = examples
      .find(({ name }) => name === 'echo.ts')
      ?.text.trimEnd()
      .split('\n')
    expect(lines).toHaveLength(5)
    const chunks: unknown[] = []
    for await (const chunk of (await loadChat('echo.ts', { cwd })).reply('hello', {} as ChatContext))
      chunks.push(chunk)
    expect(chunks).toEqual(['You said: hello'])
  })
})
