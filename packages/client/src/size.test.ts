import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { describe, expect, test } from 'vitest'

const dist = fileURLToPath(new URL('../dist/', import.meta.url))
const isBuilt = existsSync(`${dist}index.js`)

/** What a page loads of a module that imports from the built package: bundled and minified. */
async function bundle(source: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: source, resolveDir: dist },
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
    write: false,
  })
  return outputFiles.map(({ text }) => text).join('')
}

/** How many bytes travel. */
function sizeOf(code: string): number {
  return gzipSync(code, { level: 9 }).length
}

describe.skipIf(!isBuilt)(`the built package${isBuilt ? '' : ' (skipped: it has not been built)'}`, () => {
  test('all of it is less than 5 KiB, minified and gzipped', async () => {
    expect(sizeOf(await bundle(`export * from './index.js'`))).toBeLessThan(5_120)
  })

  test('whoever imports an error class alone loads that alone', async () => {
    const code = await bundle(`export { ColloquyError } from './index.js'`)
    expect(sizeOf(code)).toBeLessThan(512)
    expect(code).not.toMatch(/fetch|api\/v1|TurnError/)
  })

  test('whoever imports it for nothing loads nothing', async () => {
    expect(await bundle(`import './index.js'`)).toBe('')
  })

  test('it is one file that imports nothing', () => {
    expect(readFileSync(`${dist}index.js`, 'utf8')).not.toMatch(/^\s*import\b|\bimport\(|\bfrom\s*["']/m)
  })

  test('it asks for nothing that only Node has', async () => {
    const code = await bundle(`export * from './index.js'`)
    expect(code).not.toMatch(/\b(process|Buffer|require|global|setImmediate|__dirname)\b|node:/)
  })
})
