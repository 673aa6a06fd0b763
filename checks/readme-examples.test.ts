import { existsSync, readFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readExample, readExamples } from './read-example.ts'
import { packageFolders, root } from './read-workspace.ts'
import { runNode } from './run-node.ts'
import { startProgram } from './start-program.ts'
import { startServer } from './start-server.ts'

describe('the README of', () => {
  const folders = packageFolders().filter((folder) => folder.startsWith('packages/') && !isPrivate(folder))

  it.each(folders)('%s has an example that prints what it says', async (folder) => {
    const readme = join(root, folder, 'README.md')
    expect(existsSync(readme), `${folder}/README.md is there`).toBe(true)
    const example = readExample(readFileSync(readme, 'utf8'))
    if (example === undefined) {
      throw new Error(`${folder}/README.md has no \`\`\`ts fence that is followed by a \`\`\`text fence.`)
    }
    expect(await run(example.code, folder)).toEqual({ exitCode: 0, stdout: example.output, stderr: '' })
  })

  it('packages/chat has an example of each of its entry points, which prints what it says', async () => {
    const folder = 'packages/chat'
    const examples = readExamples(readFileSync(join(root, folder, 'README.md'), 'utf8'))
    const { exports } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
      readonly exports: object
    }
    for (const entry of Object.keys(exports).filter((entry) => entry !== './package.json')) {
      const from = `from '@colloquy/chat${entry.slice(1)}'`
      expect(
        examples.some(({ code }) => code.includes(from)),
        `an example that has ${from}`,
      ).toBe(true)
    }
    for (const { code, output } of examples)
      expect(await run(code, folder)).toEqual({ exitCode: 0, stdout: output, stderr: '' })
  })

  it('packages/server has more examples, which all run, and say so when they print what a comment tells', async () => {
    const readme = readFileSync(join(root, 'packages/server/README.md'), 'utf8')
    const [, ...others] = Array.from(readme.matchAll(/^```ts\n(.*?)^```$/gms), ([, code = '']) => code)
    expect(others.length).toBeGreaterThan(2)
    for (const code of others) {
      const { exitCode, stdout, stderr } = await run(code, 'packages/server')
      expect({ code, exitCode, stderr }).toEqual({ code, exitCode: 0, stderr: '' })
      const told = Array.from(code.matchAll(/^console\.log.*\/\/ (\w+)$/gm), ([, value]) => value)
      expect(stdout.split('\n').filter((line) => /^\w+$/.test(line))).toEqual(told)
    }
  })
})

describe('the README of the workspace', () => {
  it('shows what the server says when it has started', async () => {
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
})

describe('an example', () => {
  it('is the first ts fence and the text fence after it', () => {
    const readme =
      '```sh\nnpm i\n```\n\n```ts\none()\n```\n\nprints\n\n```text\n1\n```\n\n```ts\ntwo()\n```\n'
    expect(readExample(readme)).toEqual({ code: 'one()\n', output: '1\n' })
  })

  it.each([
    ['no fence', 'Words.\n'],
    ['no text fence', '```ts\none()\n```\n'],
    ['another fence between them', '```ts\none()\n```\n\n```sh\nls\n```\n\n```text\n1\n```\n'],
    ['only a js fence', '```js\none()\n```\n\n```text\n1\n```\n'],
  ])('is none with %s', (_what, readme) => {
    expect(readExample(readme)).toBeUndefined()
  })
})

/** Whether a package is for this workspace alone. */
function isPrivate(folder: string): boolean {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly private?: boolean
  }
  return manifest.private === true
}

/** Runs a package's example in its folder, where its own name leads to its own exports. */
async function run(code: string, folder: string) {
  const file = join(root, folder, `.readme-example-${process.pid}.ts`)
  onTestFinished(() => rm(file, { force: true }))
  await writeFile(file, code)
  const cwd = join(root, folder)
  if (!code.includes('COLLOQUY_URL')) return runNode([file], { cwd })

  const server = await startServer(join(root, 'checks/word-by-word-echo.ts'))
  onTestFinished(() => server.close())
  return runNode([file], { cwd, env: { COLLOQUY_URL: server.url } })
}
