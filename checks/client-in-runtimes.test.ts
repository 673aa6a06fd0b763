import { execFile } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { createContext, runInContext } from 'node:vm'
import { build } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import type * as program from './client-program.ts'
import { root } from './read-workspace.ts'
import { plainEnvironment } from './run-node.ts'
import { startEcho, talked } from './start-echo.ts'

/** Bundles the program with the built client. */
async function bundle(options: { format: 'esm' | 'iife'; source: string; outfile?: string }) {
  const { source, ...rest } = options
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: join(root, 'checks'), loader: 'ts' },
    bundle: true,
    write: options.outfile !== undefined,
    ...rest,
  })
  return outputFiles?.[0]?.text ?? ''
}

const runtimes = [
  { name: 'deno', args: ['run', '--no-config', '--no-prompt', '--allow-net=127.0.0.1'] },
  { name: 'bun', args: ['run'] },
]

/** Where a program is: where CI installs it, or on the path. */
function find(name: string): string | undefined {
  const folders = [
    join(root, '.cache/runtimes/node_modules/.bin'),
    ...(process.env['PATH'] ?? '').split(delimiter),
  ]
  return folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
}

describe('the client elsewhere than in Node', () => {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-runtimes-'))
  afterAll(() => rmSync(folder, { recursive: true }))

  for (const { name, args } of runtimes) {
    const path = find(name)
    it.skipIf(path === undefined)(
      `does everything in ${name}${path === undefined ? ` (skipped: there is no ${name}; .ci/run installs it)` : ''}`,
      async () => {
        const url = JSON.stringify(await startEcho())
        const outfile = join(folder, `${name}.js`)
        const source = `import { talk } from './client-program.ts'\nconsole.log(JSON.stringify(await talk(${url})))`
        await bundle({ format: 'esm', source, outfile })
        const { stdout } = await promisify(execFile)(path ?? '', [...args, outfile], {
          cwd: folder,
          env: plainEnvironment,
          timeout: 30_000,
        })
        expect(JSON.parse(stdout)).toEqual(talked)
      },
    )
  }

  it('does everything where there is nothing but these of the web, as at the edge', async () => {
    const code = await bundle({
      format: 'iife',
      source: `import { talk } from './client-program.ts'\nglobalThis.talk = talk`,
    })
    const web = {
      AbortController,
      AbortSignal,
      Headers,
      TextDecoder,
      URL,
      URLSearchParams,
      clearTimeout,
      crypto,
      fetch,
      setTimeout,
    }
    const context = createContext({ ...web })
    runInContext(code, context)
    const { talk } = context as unknown as typeof program
    expect(JSON.parse(JSON.stringify(await talk(await startEcho())))).toEqual(talked)
  })
})
