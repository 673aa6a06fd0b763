import { describe, expect, it } from 'vitest'
import { matchesOutput, withKnown } from './match-output.ts'
import { readPage } from './read-page.ts'
import { runPage } from './run-page.ts'
import { splitScript, splitSession } from './split-commands.ts'

const id = (digit: string) => `sess_${digit.repeat(32)}`

describe('a page', () => {
  it('has blocks, with what a comment before them says, and whether they follow on', () => {
    const text =
      '<!-- not run: a reason -->\n\n```sh\nls\n```\n\n```text\nfile\n```\n\nWords.\n\n```ts\na()\n```\n'
    expect(readPage('a.md', text).blocks).toEqual([
      { language: 'sh', content: 'ls\n', line: 3, followsOn: false, note: 'not run: a reason' },
      { language: 'text', content: 'file\n', line: 7, followsOn: true },
      { language: 'ts', content: 'a()\n', line: 13, followsOn: false },
    ])
  })

  it('is run as a story: a file is written, a server answers with it, and ids go from one command to the next', async () => {
    const page = [
      '```ts\n// bot.ts\nexport default (message: string) => `You said: ${message}`\n```',
      '```sh\nnpx colloquy serve ./bot.ts\n```',
      `\`\`\`console\n$ curl -s localhost:8000/api/v1/sessions -X POST\n{"session_id":"${id('a')}",…}\n$ curl -s localhost:8000/api/v1/sessions/${id('a')}\n{"session_id":"${id('a')}",…}\n\`\`\``,
    ]
    await expect(runPage(readPage('a.md', page.join('\n\n')))).resolves.toBeUndefined()
  })

  it.each([
    ['a program that prints something else', '```ts\nconsole.log(1)\n```\n\n```text\n2\n```'],
    ['a program that prints what the page does not show', '```ts\nconsole.log(1)\n```'],
    ['a program that fails', '```js\nthrow new Error("no")\n```'],
    ['a command that fails', '```sh\nfalse\n```'],
    ['a command that prints something else', '```console\n$ echo 1\n2\n```'],
    ['JSON that is another', '```sh\necho \'{"a":1}\'\n```\n\n```json\n{ "a": 2 }\n```'],
    ['a server that does not start', '```sh\ncolloquy serve ./none.ts\n```'],
  ])('fails, with its line, for %s', async (_what, text) => {
    await expect(runPage(readPage('a.md', `\n${text}\n`))).rejects.toThrow('a.md:2: ')
  })
})

describe('commands', () => {
  it('go on behind a backslash, in quotes and in a here-document', () => {
    const script = "a \\\n  b\n# c\n\nd 'e\nf'\ncat <<'EOF'\n'g\nEOF\necho \"it's\"\n"
    expect(splitScript(script).map(({ text }) => text)).toEqual([
      'a \\\n  b',
      "d 'e\nf'",
      "cat <<'EOF'\n'g\nEOF",
      'echo "it\'s"',
    ])
  })

  it('have what is shown of them behind them', () => {
    expect(splitSession('$ a\n1\n2\n\n$ b \\\n  c\n$ d\n3\n')).toEqual([
      { text: 'a', shown: '1\n2' },
      { text: 'b \\\n  c' },
      { text: 'd', shown: '3' },
    ])
  })
})

describe('an output', () => {
  it.each([
    ['{"a":…,"c":3}', '{"a":1,"b":2,"c":3}', true],
    ['{"a":1,\n "b":2}', '{"a":1,"b":2}', true],
    ['one\n…\nlast', 'one\n2\n3\nlast', true],
    ['one\n…\nlast', 'one\nlast', true],
    ['one …', 'two', false],
    ['a.c', 'abc', false],
    ['at 2026-01-01T00:00:00.000Z', 'at 2026-11-23T16:09:45.225Z', true],
    ['{"duration_ms":1.5}', '{"duration_ms":20}', true],
    ['{"limit":5}', '{"limit":6}', false],
    [`${id('a')} ${id('a')}`, `${id('b')} ${id('b')}`, true],
    [`${id('a')} ${id('a')}`, `${id('b')} ${id('c')}`, false],
    ['end  \n', 'end', true],
  ])('%j is shown for %j: %s', (shown, actual, matches) => {
    expect(matchesOutput(shown, actual, new Map())).toBe(matches)
  })

  it('tells which ids of this run the page means from then on', () => {
    const known = new Map<string, string>()
    expect(matchesOutput(`made ${id('a')}`, `made ${id('b')}`, known)).toBe(true)
    expect(withKnown(`get ${id('a')}`, known)).toBe(`get ${id('b')}`)
    expect(matchesOutput(id('a'), id('c'), known)).toBe(false)
  })
})
