import type { Page } from './read-page.ts'

/** A link of a page. */
export interface Link {
  /** What is before the `#`; empty for the page itself. */
  readonly target: string
  /** What is behind the `#`, if there is one. */
  readonly anchor?: string
  /** Its line, from 1. */
  readonly line: number
}

/** The links of a page that stay in the repository: those with a scheme lead out of it. Code has none. */
export function readRelativeLinks({ text }: Page): Link[] {
  return Array.from(withoutCode(text).matchAll(/\]\(([^()\s]+)\)/g), ({ 1: url = '', index }) => {
    const [target = '', anchor] = url.split('#')
    const line = text.slice(0, index).split('\n').length
    return { target, line, ...(anchor === undefined ? {} : { anchor }) }
  }).filter(({ target }) => !/^[a-z]+:/.test(target))
}

/** The anchors that GitHub gives the headings of a page. */
export function anchorsOf({ text }: Page): ReadonlySet<string> {
  const anchors = new Set<string>()
  for (const [, heading = ''] of withoutFences(text).matchAll(/^#{1,6} (.+)$/gm)) {
    const words = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase()
    const slug = words
      .replaceAll(/[^\p{L}\p{N}\p{M}_ -]/gu, '')
      .trim()
      .replaceAll(' ', '-')
    let anchor = slug
    for (let n = 1; anchors.has(anchor); n += 1) anchor = `${slug}-${n}`
    anchors.add(anchor)
  }
  return anchors
}

/** The text with blanks in the place of its code, so that lines stay where they are. */
function withoutCode(text: string): string {
  return withoutFences(text).replaceAll(/`[^`\n]+`/g, blank)
}

function withoutFences(text: string): string {
  return text.replaceAll(/^```.*?^```$/gms, blank)
}

function blank(code: string): string {
  return code.replaceAll(/[^\n]/g, ' ')
}
