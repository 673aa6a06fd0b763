import { existsSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type Page, readPages } from './read-page.ts'
import { packageFolders, root } from './read-workspace.ts'
import { fileNameOf, isCode, runPage } from './run-page.ts'

const pages = readPages()
/** What is no code, or not for this machine. */
const shown: ReadonlySet<string> = new Set(['text', 'json', 'yaml', 'dockerfile', 'mermaid'])

describe('the code of', () => {
  it.concurrent.each(pages.filter(({ blocks }) => blocks.some(isCode)))(
    '$path does what the page says',
    async (page) => {
      expect(await runPage(page).then(() => '', String)).toBe('')
    },
  )
})

describe('a page', () => {
  it.each(pages)('says why, where its code is not run: $path', (page) => {
    const notes = page.blocks.flatMap(({ note }) => (note === undefined ? [] : [note]))
    const unknown = notes.filter((note) => !/^(?:not run|run by|file|with): \S/.test(note))
    expect(unknown, 'comments before a block say "not run: …", "run by: …", "file: …" or "with: …"').toEqual(
      [],
    )
    for (const note of notes.filter((note) => note.startsWith('run by: '))) {
      const test = join(root, note.slice('run by: '.length))
      expect(existsSync(test) && readFileSync(test, 'utf8').includes(basename(page.path)), note).toBe(true)
    }
  })

  it.each(pages)('has blocks that are run, or are no code: $path', ({ text, blocks }) => {
    const others = blocks.filter((block) => !isCode(block) && !shown.has(block.language))
    expect(others.map(({ language, line }) => ({ language, line }))).toEqual([])
    expect(text, 'blocks begin at the margin: others are not seen').not.toMatch(/^[ >]+```/m)
  })

  it.each(pages)('has no file that nothing uses: $path', (page) => {
    const names = page.blocks
      .filter(({ note = '' }) => !/^(?:not run|run by)/.test(note))
      .flatMap((block) => fileNameOf(block) ?? [])
    expect(names.filter((name) => usesOf(basename(name), page) === 0)).toEqual([])
  })
})

describe('the README of', () => {
  const published = packageFolders().filter((folder) => folder.startsWith('packages/') && !isPrivate(folder))

  it.each(published)('%s has a program, and what it prints', (folder) => {
    const programs = programsOf(pages.find(({ path }) => path === `${folder}/README.md`))
    expect(programs.length).toBeGreaterThan(0)
  })

  it('packages/chat has a program for each of its entry points', () => {
    const programs = programsOf(pages.find(({ path }) => path === 'packages/chat/README.md'))
    const { exports } = JSON.parse(readFileSync(join(root, 'packages/chat/package.json'), 'utf8')) as {
      readonly exports: object
    }
    for (const entry of Object.keys(exports).filter((entry) => entry !== './package.json')) {
      const from = `from '@colloquy/chat${entry.slice(1)}'`
      expect(
        programs.some((code) => code.includes(from)),
        `a program that has ${from}`,
      ).toBe(true)
    }
  })
})

/** The programs of a page behind which it shows what they print. */
function programsOf(page: Page | undefined): string[] {
  const { blocks = [] } = page ?? {}
  return blocks.flatMap(({ language, content }, index) => {
    const next = blocks[index + 1]
    return language === 'ts' && next?.followsOn === true && next.language === 'text' ? [content] : []
  })
}

/** In how many blocks that are run a file is named, besides its own. */
function usesOf(name: string, { blocks }: Page): number {
  return blocks.filter(
    (block) => isCode(block) && block.content.includes(name) && !fileNameOf(block)?.endsWith(name),
  ).length
}

/** Whether a package is for this workspace alone. */
function isPrivate(folder: string): boolean {
  const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as {
    readonly private?: boolean
  }
  return manifest.private === true
}
