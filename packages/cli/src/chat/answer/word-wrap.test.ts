import { array, assert, constantFrom, integer, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { displayWidth } from '../../output/display-width.js'
import { createWordWrap, wrapped } from './word-wrap.js'

// oxlint-disable no-control-regex -- they are what is looked for
/** What a terminal shows of a text that takes back what is left of the cursor, and nothing else. */
function shownOf(output: string): string {
  let shown = ''
  for (const part of output.split(/(\u001b\[\d+D\u001b\[K)/)) {
    const [, back] = /^\u001b\[(\d+)D/.exec(part) ?? []
    if (back === undefined) shown += part
    else {
      let left = Number(back)
      while (left > 0) {
        const last = Array.from(new Intl.Segmenter().segment(shown)).at(-1)?.segment ?? ''
        left -= displayWidth(last)
        shown = shown.slice(0, -last.length)
      }
    }
  }
  return shown
}

describe('text in lines of a width', () => {
  it.each([
    ['one two three', 9, 'one two \nthree'],
    ['one  two', 6, 'one  \ntwo'],
    ['  indented text', 12, '  indented \ntext'],
    ['line\n\nline', 20, 'line\n\nline'],
    ['tab\tstop', 20, `tab${' '.repeat(5)}stop`],
    ['椅子は家具', 6, '椅子\nは家\n具'],
    ['a 👩‍💻👩‍💻', 5, 'a 👩‍💻\n👩‍💻'],
    ['a-very-long-word here', 8, 'a-very-long-word\nhere'],
    ['see a-very-long-word', 8, 'see \na-very-long-word'],
    ['', 8, ''],
  ])('%j at %i', (text, columns, lines) => {
    expect(wrapped(text, columns)).toBe(lines)
  })

  it('is the same in whatever pieces it comes', () => {
    const pieces = array(
      string({ unit: constantFrom('a', 'bc', ' ', '\n', '椅', '👩', '\u200d💻', 'é', '-') }),
    )
    assert(
      property(pieces, integer({ min: 5, max: 30 }), (pieces, columns) => {
        const wrap = createWordWrap(() => columns)
        const output = pieces.map((piece) => wrap.push(piece)).join('')
        expect(shownOf(output).replaceAll(/ +$/gm, '')).toBe(
          wrapped(pieces.join(''), columns).replaceAll(/ +$/gm, ''),
        )
      }),
    )
  })

  it('loses and adds nothing but white space', () => {
    assert(
      property(string({ unit: 'grapheme' }), integer({ min: 3, max: 40 }), (text, columns) => {
        const without = (text: string) => text.replaceAll(/\s+/g, '')
        expect(without(wrapped(text, columns))).toBe(without(text))
      }),
    )
  })

  it('has no line that is wider, but for words that are', () => {
    const words = array(string({ unit: constantFrom('a', '椅', 'é'), minLength: 1, maxLength: 4 }))
    assert(
      property(words, integer({ min: 10, max: 40 }), (words, columns) => {
        for (const line of wrapped(words.join(' '), columns).split('\n'))
          expect(displayWidth(line)).toBeLessThan(columns)
      }),
    )
  })

  it('goes on in another width when that changes', () => {
    let columns = 20
    const wrap = createWordWrap(() => columns)
    expect(wrap.push('one two three ')).toBe('one two three ')
    columns = 10
    expect(wrap.push('four')).toBe('\nfour')
    wrap.reset()
    expect(wrap.column()).toBe(0)
  })
})
