import { describe, expect, it } from 'vitest'
import type { Key } from './edit-text.js'
import { recallOf } from './recall.js'
import { nothingTyped, sharedBeginning, type TypedText, typeKey } from './typed-text.js'

const key = (name: string): readonly [Key, undefined] => {
  if (name.startsWith('paste-')) return [{ name }, undefined]
  const parts = name.split('-')
  return [{ name: parts.at(-1), ctrl: parts.includes('ctrl'), meta: parts.includes('meta') }, undefined]
}

/** Types texts, and keys by their names in <>; a bar is where the cursor is. */
function after(keys: string, from: TypedText = nothingTyped) {
  let typed = from
  let last: ReturnType<typeof typeKey> | undefined
  for (const part of keys.match(/<[\w-]+>|[^<]/gu) ?? []) {
    const [pressed, character] = part.startsWith('<')
      ? key(part.slice(1, -1))
      : [{ name: part, sequence: part }, part]
    last = typeKey(typed, pressed, character)
    if (last.does === 'type' || last.does === 'send') typed = last.typed
  }
  const { text, cursor } = typed.edited
  return { typed, last, shown: `${text.slice(0, cursor)}|${text.slice(cursor)}` }
}

describe('keys', () => {
  it.each([
    ['abc', 'abc|'],
    ['abc<left><left>x', 'ax|bc'],
    ['👩‍💻é<left><backspace>', '|é'],
    ['one two<ctrl-left>x', 'one x|two'],
    ['one two<meta-b><meta-b>x<meta-f>y', 'xoney| two'],
    ['one two<ctrl-a>x<ctrl-e>y', 'xone twoy|'],
    ['one two<home><delete><ctrl-d>', '|e two'],
    ['one two<ctrl-w>', 'one |'],
    ['one two<ctrl-w><ctrl-y><ctrl-y>', 'one twotwo|'],
    ['one two<ctrl-a><meta-d>', '| two'],
    ['one two<ctrl-left><ctrl-k>', 'one |'],
    ['one two<ctrl-left><ctrl-u>', '|two'],
    ['a<meta-return>b<enter>c', 'a\nb\nc|'],
    ['abc<enter>de<up>x', 'abx|c\nde'],
    ['ab<enter>cde<home><up><down><end>x', 'ab\ncdex|'],
    ['ab<enter>cd<home>x<ctrl-e><ctrl-u>', 'ab\n|'],
    ['a\u0007b', 'ab|'],
    ['ab<escape><f5><ctrl-g>', 'ab|'],
    ['ab\\<return>c', 'ab\nc|'],
    ['ab\\<left><return>', '|'],
    ['"""a<return>b', '"""a\nb|'],
    ['<paste-start>a\r\nb\rc<paste-end>', 'a\nb\nc|'],
    ['ab<ctrl-c>', '|'],
    ['<paste-start>ab<ctrl-c>c', 'c|'],
  ])('%s make %j', (keys, shown) => {
    expect(after(keys).shown).toBe(shown)
  })

  it.each([
    ['hi<return>', 'hi'],
    ['hi\\\\<return>', 'hi\\\\'],
    ['"""a<return>b"""<return>', 'a\nb'],
    ['"""<return>a<return>"""<return>', 'a'],
    ['<return>', ''],
  ])('%s send %j', (keys, message) => {
    expect(after(keys).last).toMatchObject({ does: 'send', message })
  })

  it.each([
    ['<ctrl-c><ctrl-c>', 'leave'],
    ['<ctrl-c>a<backspace><ctrl-c>', 'type'],
    ['<ctrl-d>', 'leave'],
    ['a<ctrl-d>', 'type'],
    ['<tab>', 'complete'],
    ['<ctrl-l>', 'clear screen'],
  ])('%s do: %s', (keys, does) => {
    expect(after(keys).last?.does).toBe(does)
  })

  it('of Shift-Enter begin a line in terminals that tell it', () => {
    for (const sequence of ['\u001b[13;2u', '\u001b[27;2;13~'])
      expect(typeKey(nothingTyped, { sequence }, undefined)).toMatchObject({
        typed: { edited: { text: '\n' } },
      })
  })
})

describe('what was said', () => {
  const before = { ...nothingTyped, recall: recallOf(['one', 'one', ' ', 'two']) }

  it.each([
    ['<up>', 'two|'],
    ['<up><up>', 'one|'],
    ['<up><up><up>', 'one|'],
    ['new<up><down>', 'new|'],
    ['new<up><up><down><down><down>', 'new|'],
    ['<ctrl-p>!', 'two!|'],
    ['<up>x<ctrl-c><up>', 'two|'],
    ['last<return><up>', 'last|'],
    ['two<return><up><up>', 'one|'],
  ])('is brought back: %s', (keys, shown) => {
    expect(after(keys, before).shown).toBe(shown)
  })
})

it('lines share their beginning', () => {
  expect(sharedBeginning(['/sessions', '/switch', '/status'])).toBe('/s')
  expect(sharedBeginning(['/help'])).toBe('/help')
  expect(sharedBeginning([])).toBe('')
})
