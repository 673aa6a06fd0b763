import { existsSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'
import { anchorsOf, readRelativeLinks } from './read-links.ts'
import { type Page, readPage, readPages } from './read-page.ts'
import { root } from './read-workspace.ts'

const pages = readPages()

describe('the links of', () => {
  it.each(pages)('$path lead to something that is there', (page) => {
    const dead = readRelativeLinks(page).filter(({ target, anchor }) => !leadsSomewhere(page, target, anchor))
    expect(dead).toEqual([])
  })

  // npm shows a README by itself, and rewrites relative links badly or not at all.
  it.each(pages.filter(({ path }) => path.startsWith('packages/')))(
    '$path stay within it, or have a host',
    (page) => {
      expect(readRelativeLinks(page).filter(({ target }) => target !== '')).toEqual([])
    },
  )
})

describe('the handbook', () => {
  const contents = pages.find(({ path }) => path === 'docs/README.md')
  const chapters = pages.flatMap(({ path }) => /^docs\/([a-z-]+\.md)$/.exec(path)?.[1] ?? [])

  it.each(chapters)('has %s in its table of contents', (chapter) => {
    expect(contents && readRelativeLinks(contents).map(({ target }) => target)).toContain(chapter)
  })
})

describe('a link', () => {
  it('is found with its line, but not in code, and not when it leads to another host', () => {
    const text = '[a](b.md#c)\n`[no](x.md)`\n```md\n[no](y.md)\n```\n[out](https://example.com/#d) [d](#e)\n'
    expect(readRelativeLinks(readPage('a.md', text))).toEqual([
      { target: 'b.md', anchor: 'c', line: 1 },
      { target: '', anchor: 'e', line: 6 },
    ])
  })

  it('leads to headings as GitHub names them', () => {
    const text =
      '# `serve(options)`\n## Two, words\n## A [link](b.md)\n## Two words\n```sh\n# no heading\n```\n'
    expect([...anchorsOf(readPage('a.md', text))]).toEqual([
      'serveoptions',
      'two-words',
      'a-link',
      'two-words-1',
    ])
  })
})

function leadsSomewhere(page: Page, target: string, anchor: string | undefined): boolean {
  const path = target === '' ? page.path : normalize(join(dirname(page.path), target))
  if (path.startsWith('..') || !existsSync(join(root, path))) return false
  const linked = pages.find((other) => other.path === path)
  return anchor === undefined || (linked !== undefined && anchorsOf(linked).has(anchor))
}
