import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createClient } from '@colloquy/client'
import { startModelServer } from '@colloquy/model-server'
import { describe, expect, it, onTestFinished } from 'vitest'
import { linkProject, type Running } from './linked-project.fixture.js'
import { templateNames } from './templates.js'

const hasPython = spawnSync('python3', ['--version']).status === 0

/** A client of a server, once it listens. */
async function clientOf({ output, ended }: Running) {
  const isThere = /http:\/\/[^\s"]+:\d+/
  const said = await Promise.race([
    output.until((text) => isThere.test(text)),
    ended.then(({ output }) => output),
  ])
  const [baseUrl] = isThere.exec(said) ?? []
  if (baseUrl === undefined) throw new Error(`The server ended: ${said}`)
  return createClient({ baseUrl })
}

/** What each says to "Hello", and then, in the same session, to "Again". */
const answers = {
  function: ['Message 1: Hello', 'Message 2: Again'],
  model: ['Hello', 'Again'].map(
    (said) => `There is no model yet: set OPENAI_API_KEY, and start me again. You said: ${said}`,
  ),
  process: ['Message 1: Hello ', 'Message 2: Again '],
}

describe.each(templateNames)('the template %s', (template) => {
  const isMissing = template === 'process' && !hasPython

  // Of the process, each of its tests starts a Python, which may take its time.
  it.skipIf(isMissing)('passes its own test (needs python3 for process)', { timeout: 120_000 }, async () => {
    const { run } = await linkProject(template)
    const { exitCode, output } = await run('test').ended
    expect(output).toMatch(/\n. fail 0\n/)
    expect(output).toMatch(/\n. pass [1-9]\d*\n/)
    expect(exitCode).toBe(0)
  })

  it.skipIf(isMissing)(
    'serves an answer, and stops when it is told to (needs python3 for process)',
    async () => {
      const { run } = await linkProject(template)
      const server = run('start', { args: ['--port', '0'] })
      const client = await clientOf(server)
      const first = await client.send({ message: 'Hello' })
      const second = await client.send({ message: 'Again', session_id: first.session_id })
      expect([first.content, second.content]).toEqual(answers[template])
      server.child.kill('SIGTERM')
      expect(await once(server.child, 'exit')).toEqual([0, null])
    },
  )

  it.skipIf(template === 'process')('has types that are right (process has none)', async () => {
    const { run } = await linkProject(template)
    expect(await run('types').ended).toEqual({ exitCode: 0, output: '' })
  })

  it('says in its README only what there is to run', async () => {
    const { folder } = await linkProject(template)
    const { scripts } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as {
      scripts: Record<string, string>
    }
    const said = readFileSync(join(folder, 'README.md'), 'utf8').matchAll(/`npm (?:run )?(\w+)`/g)
    expect([...said].map(([, name = '']) => name).toSorted()).toEqual(Object.keys(scripts).toSorted())
  })
})

it('the template model asks the model that is named, and rolls dice for it', async () => {
  const model = await startModelServer([
    { calls: [{ id: 'call_1', name: 'roll', arguments: { dice: 2, sides: 6 } }] },
    { text: ['You rolled ', 'well.'] },
  ])
  onTestFinished(() => model.stop())
  const { run } = await linkProject('model', ['@ai-sdk/openai-compatible'])
  const env = { MODEL: 'openai-compatible/test-model', MODEL_BASE_URL: model.baseUrl }
  const client = await clientOf(run('start', { args: ['--port', '0'], env }))
  const { content, functions_called } = await client.send('Roll two dice')
  expect(content).toBe('You rolled well.')
  expect(functions_called).toEqual([
    {
      call_id: 'call_1',
      name: 'roll',
      arguments: { dice: 2, sides: 6 },
      result: [expect.any(Number), expect.any(Number)],
    },
  ])
})

it('the template function is loaded anew by npm run dev, and goes on with the session', async () => {
  const { run, folder } = await linkProject('function')
  const server = run('dev', { args: ['--port', '0'] })
  const client = await clientOf(server)
  const { session_id } = await client.send({ message: 'Hello' })
  const bot = join(folder, 'bot.ts')
  writeFileSync(bot, readFileSync(bot, 'utf8').replace('`Message ', '`Number '))
  await server.output.until((text) => text.includes('reloaded'))
  const { content } = await client.send({ message: 'again', session_id })
  expect(content).toBe('Number 2: again')
})
