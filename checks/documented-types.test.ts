import { execFile } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it, onTestFinished } from 'vitest'
import { createPageFolder } from './page-folder.ts'
import { type Page, readPages } from './read-page.ts'
import { root } from './read-workspace.ts'
import { fileNameOf } from './run-page.ts'

/** As strict as a careful reader's own project. */
const compilerOptions = {
  target: 'es2023',
  lib: ['es2024', 'dom', 'dom.iterable'],
  types: ['node'],
  jsx: 'react-jsx',
  module: 'nodenext',
  moduleDetection: 'force',
  strict: true,
  erasableSyntaxOnly: true,
  allowImportingTsExtensions: true,
  noEmit: true,
  skipLibCheck: true,
}

it('the TypeScript of every page, also what is not run, is right by its types', async () => {
  const folder = createPageFolder('')
  onTestFinished(() => folder.remove())
  const written = readPages().flatMap((page) => writePrograms(page, folder.path))
  expect(written.length).toBeGreaterThan(30)
  writeFileSync(join(folder.path, 'package.json'), '{"type":"module"}')
  writeFileSync(join(folder.path, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['pages'] }))
  const tsc = join(root, 'node_modules/.bin/tsc')
  const said = await promisify(execFile)(tsc, ['-p', folder.path, '--pretty', 'false']).catch(
    ({ stdout }: { readonly stdout: string }) => ({ stdout }),
  )
  expect(said.stdout).toBe('')
})

/** Writes the TypeScript of a page to a folder of its own; the line in the page is part of a file's name without one. */
function writePrograms({ path, blocks }: Page, folder: string): string[] {
  const own = join(folder, 'pages', path)
  return blocks.flatMap((block) => {
    if (!/^tsx?$/.test(block.language)) return []
    mkdirSync(own, { recursive: true })
    const file = join(own, fileNameOf(block) ?? `line-${block.line}.${block.language}`)
    writeFileSync(file, block.content)
    return [file]
  })
}
