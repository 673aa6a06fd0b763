import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { describe, expect, it, onTestFinished } from 'vitest'
import { answerOf, stateIn } from './asking.fixture.js'
import { fromHttp } from './index.js'

const page = await readFile(new URL('../../../../docs/http-backends.md', import.meta.url), 'utf8')

/** The first block of code in a language. */
function codeIn(language: string): string {
  const code = new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'ms').exec(page)?.[1]
  if (code === undefined) throw new Error(`docs/http-backends.md has no block of ${language}`)
  return code
}

/** Runs a service of the page on a free port, and returns its URL, which it prints. */
async function startDocumented(command: string, args: readonly string[]): Promise<string> {
  const child = spawn(command, [...args, '0'], { stdio: ['ignore', 'pipe', 'ignore'] })
  onTestFinished(async () => {
    child.kill('SIGKILL')
    if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  })
  const [url] = (await once(createInterface({ input: child.stdout }), 'line')) as [string]
  return url
}

/** Talks with a service of the page, which says what it hears, and counts the messages in its state. */
async function talk(url: string) {
  const chat = fromHttp({ url })
  const first = await answerOf(chat, 'Grüße an 🪑')
  const second = await answerOf(chat, 'Again', { state: stateIn(first.chunks) ?? null })
  return [first, second].map(({ chunks, error }) => ({
    pieces: chunks.flatMap((chunk) => (chunk.type === 'text' ? [chunk.text] : [])),
    state: stateIn(chunks),
    error,
  }))
}

const said = [
  { pieces: ['Grüße ', 'an ', '🪑 '], state: { count: 1 }, error: undefined },
  { pieces: ['Again '], state: { count: 2 }, error: undefined },
]

const python = spawnSync('python3', ['--version']).status === 0

describe('the services of docs/http-backends.md', () => {
  it('answer: the one in Node', async () => {
    const args = ['--input-type=module', '--eval', codeIn('js'), '--', 'service']
    expect(await talk(await startDocumented(process.execPath, args))).toEqual(said)
  })

  it.skipIf(!python)('answer: the one in Python (which is skipped where there is no python3)', async () => {
    expect(await talk(await startDocumented('python3', ['-c', codeIn('python')]))).toEqual(said)
  })

  it.each(['python', 'js'])('are short: the one in %s', (language) => {
    const lines = codeIn(language).split('\n')
    expect(lines.filter((line) => line.trim() !== '').length).toBeLessThan(25)
  })

  it('are told of an answer, and of a request, as they are', async () => {
    const [request = '', answer = ''] = [...page.matchAll(/^```json\n(.*?)^```$/gms)].map(([, json]) => json)
    expect(Object.keys(JSON.parse(request) as object)).toEqual([
      'turn_id',
      'session',
      'message',
      'history',
      'state',
    ])
    const fetch = async () => new Response(answer, { headers: { 'Content-Type': 'application/json' } })
    const { chunks, error } = await answerOf(fromHttp({ url: 'http://localhost/', fetch }))
    expect(error).toBeUndefined()
    expect(chunks.map(({ type }) => type)).toEqual([
      'functionCall',
      'functionResult',
      'data',
      'text',
      'usage',
      'state',
      'finish',
    ])
  })
})
