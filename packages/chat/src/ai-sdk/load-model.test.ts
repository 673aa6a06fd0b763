import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { chunksOf, failureOf, secretKey, textOf } from './ask.fixture.js'
import { importForModel } from './import-for-model.js'
import { fromModel, loadModel, ModelLoadError } from './index.js'
import { described } from './run-turn.fixture.js'
import { modelServers } from './start-server.fixture.js'

const startServer = modelServers()

const load = (...args: Parameters<typeof loadModel>): Promise<unknown> =>
  loadModel(...args).catch((error: unknown) => error)

describe('a model by its id', () => {
  it.each(['openai-compatible', 'ollama'])('answers, and counts: %s', async (provider) => {
    const server = await startServer({ text: 'Hi' })
    const model = await loadModel(`${provider}/meta/llama-3:8b`, { baseUrl: server.baseUrl })
    const chunks = await chunksOf(fromModel(model))
    expect(textOf(chunks)).toBe('Hi')
    expect(chunks).toContainEqual({ type: 'usage', inputTokens: 10, outputTokens: 5 })
    expect(server.requests[0]?.body.model).toBe('meta/llama-3:8b')
    expect(server.requests[0]?.headers['authorization']).toBeUndefined()
  })

  it.each([
    ['openai', { OPENAI_API_KEY: secretKey }, '/v1/responses', 'authorization', `Bearer ${secretKey}`],
    ['anthropic', { ANTHROPIC_API_KEY: secretKey }, '/v1/messages', 'x-api-key', secretKey],
    [
      'google',
      { GOOGLE_GENERATIVE_AI_API_KEY: secretKey },
      '/v1/models/x:streamGenerateContent',
      'x-goog-api-key',
      secretKey,
    ],
    [
      'openai-compatible',
      { OPENAI_COMPATIBLE_API_KEY: secretKey },
      '/v1/chat/completions',
      'authorization',
      `Bearer ${secretKey}`,
    ],
  ])('asks the provider with the key of its variable: %s', async (provider, env, path, header, value) => {
    const server = await startServer({ failure: 'unknown_model' })
    const model = await loadModel(`${provider}/x`, { env, baseUrl: server.baseUrl })
    const { error } = await failureOf(fromModel(model))
    expect(error).toMatchObject({ code: 'refused', message: expect.stringContaining('does not know it') })
    expect(described(error)).not.toContain(secretKey)
    expect(server.requests[0]).toMatchObject({ path, headers: { [header]: value } })
  })

  it('takes a key that is given before one of the environment', async () => {
    const server = await startServer({ text: 'x' })
    const env = { OPENAI_COMPATIBLE_API_KEY: 'other' }
    const options = { env, apiKey: 'given', baseUrl: server.baseUrl }
    await chunksOf(fromModel(await loadModel('openai-compatible/x', options)))
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer given')
  })

  it('takes the base URL of the provider from its variable', async () => {
    const server = await startServer()
    const env = { OPENAI_API_KEY: 'k', OPENAI_BASE_URL: server.baseUrl }
    await failureOf(fromModel(await loadModel('openai/x', { env })))
    expect(server.requests[0]?.path).toBe('/v1/responses')
  })

  it('is looked for on this machine when it is of Ollama', async () => {
    expect(await loadModel('ollama/llama3')).toMatchObject({ modelId: 'llama3', provider: 'ollama.chat' })
  })

  it('never sends the key of one provider to another server', async () => {
    const server = await startServer({ text: 'x' })
    const env = { OPENAI_API_KEY: secretKey, ANTHROPIC_API_KEY: secretKey }
    for (const provider of ['ollama', 'openai-compatible']) {
      await chunksOf(fromModel(await loadModel(`${provider}/x`, { env, baseUrl: server.baseUrl })))
    }
    expect(JSON.stringify(server.requests.map(({ headers }) => headers))).not.toContain(secretKey)
  })
})

describe('an id that can not be loaded', () => {
  it.each(['', 'gpt-5', 'openai', 'openai/', '/gpt-5', ' / '])(
    'says what an id looks like: "%s"',
    async (id) => {
      const error = await load(id)
      expect(error).toBeInstanceOf(ModelLoadError)
      expect(error).toMatchObject({ code: 'malformed_id' })
      expect(String(error)).toContain('openai, anthropic, google, ollama, openai-compatible')
    },
  )

  it.each([
    ['open-ai/gpt-5', 'openai/gpt-5'],
    ['OpenAI/gpt-5', 'openai/gpt-5'],
    ['antropic/claude', 'anthropic/claude'],
    ['openai_compatible/a/b', 'openai-compatible/a/b'],
    ['gogle/gemini', 'google/gemini'],
  ])('suggests the nearest provider: %s', async (id, suggestion) => {
    const error = await load(id)
    expect(error).toMatchObject({ code: 'unknown_provider' })
    expect(String(error)).toContain(`Did you mean ${suggestion}?`)
    expect(String(error)).toContain(
      'The providers are: openai, anthropic, google, ollama, openai-compatible.',
    )
  })

  it.each(['mistral/large', 'toString/x', '__proto__/x', `${'x'.repeat(10_000)}/y`])(
    'suggests nothing where nothing is near: %s',
    async (id) => {
      const error = await load(id)
      expect(error).toMatchObject({ code: 'unknown_provider' })
      expect(String(error)).not.toContain('Did you mean')
    },
  )

  it.each([
    ['openai/x', 'OPENAI_API_KEY'],
    ['anthropic/x', 'ANTHROPIC_API_KEY'],
    ['google/x', 'GOOGLE_GENERATIVE_AI_API_KEY'],
  ])('names the variable of a key that is missing: %s', async (id, variable) => {
    for (const env of [{}, { [variable]: '' }]) {
      const error = await load(id, { env })
      expect(error).toMatchObject({ code: 'missing_key' })
      expect(String(error)).toContain(`Set ${variable}.`)
    }
  })

  it.each([
    ['a line end', `${secretKey}\n`],
    ['a space', `Bearer ${secretKey}`],
    ['typographic quotes', `“${secretKey}”`],
    ['a tab', `\t${secretKey}`],
    ['nothing but a space', ' '],
  ])('refuses a key with %s, and does not repeat it', async (_, key) => {
    for (const [provider, variable] of [
      ['openai', 'OPENAI_API_KEY'],
      ['anthropic', 'ANTHROPIC_API_KEY'],
      ['google', 'GOOGLE_GENERATIVE_AI_API_KEY'],
      ['openai-compatible', 'OPENAI_COMPATIBLE_API_KEY'],
    ] as const) {
      const baseUrl = 'http://127.0.0.1:1/v1'
      const error = await load(`${provider}/x`, { env: { [variable]: key }, baseUrl })
      expect(error).toBeInstanceOf(ModelLoadError)
      expect(error).toMatchObject({ code: 'invalid_key', message: expect.stringContaining(variable) })
      expect(described(error)).not.toContain(secretKey)
      const given = await load(`${provider}/x`, { apiKey: key, baseUrl })
      expect(given).toMatchObject({ code: 'invalid_key', message: expect.stringContaining('that was given') })
      expect(described(given)).not.toContain(secretKey)
    }
  })

  it('says that a compatible server needs a base URL', async () => {
    const error = await load('openai-compatible/x')
    expect(error).toMatchObject({ code: 'invalid_base_url' })
    expect(String(error)).toContain('needs the base URL of the server')
  })

  it.each([
    'localhost:8080',
    'ftp://host/',
    'file:///x',
    `not a url ${secretKey}`,
    `x://user:${secretKey}@host/`,
  ])('refuses what is no base URL, and does not repeat it: %s', async (baseUrl) => {
    const error = await load('openai-compatible/x', { baseUrl })
    expect(error).toMatchObject({ code: 'invalid_base_url' })
    expect(described(error)).not.toContain(secretKey)
  })
})

describe('the packages of a model', () => {
  let folder: string

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'colloquy-model-'))
  })

  afterEach(() => rm(folder, { recursive: true }))

  /** Installs a package in the folder. */
  async function install(name: string, code: string, version = '7.0.0'): Promise<void> {
    const root = join(folder, 'node_modules', name)
    await mkdir(root, { recursive: true })
    const manifest = { name, version, type: 'module', exports: { '.': { default: './index.js' } } }
    await writeFile(join(root, 'package.json'), JSON.stringify(manifest))
    await writeFile(join(root, 'index.js'), code)
  }

  it("are the caller's, where there are some", async () => {
    const code = 'export const createOpenAI = (settings) => (id) => ({ modelId: "mine " + id, settings })'
    await install('@ai-sdk/openai', code)
    expect(await loadModel('openai/x', { cwd: folder, apiKey: 'k' })).toEqual({
      modelId: 'mine x',
      settings: { apiKey: 'k' },
    })
  })

  it('are those beside this package, where the caller has none', async () => {
    const model = await loadModel('ollama/x', { cwd: folder })
    expect(model).toMatchObject({ modelId: 'x' })
    const chat = fromModel(model, { cwd: folder })
    await chat.start?.()
  })

  it('that are broken are told from those that are missing', async () => {
    await install('@ai-sdk/openai', "import './not-there.js'")
    const error = await load('openai/x', { cwd: folder, apiKey: 'k' })
    expect(error).toMatchObject({ code: 'failed_to_load' })
    expect(String(error)).toMatch(/The package @ai-sdk\/openai can not be loaded: .*not-there\.js/)
    expect((error as Error).cause).toBeInstanceOf(Error)
  })

  it.each([
    [
      'has not what is used',
      '5.0.100',
      'export const streamText = () => {}, stepCountIs = () => {}, asSchema = () => {}',
    ],
    [
      'has the names, and is older',
      '6.0.1',
      'export const streamText = () => {}, isStepCount = () => {}, asSchema = () => {}, jsonSchema = () => {}, tool = () => {}',
    ],
  ])('are refused where `ai` %s, with its place and version', async (_, version, code) => {
    await install('ai', code, version)
    const says = `\`ai\` 7 is needed; what is installed at ${join(await realpath(folder), 'node_modules', 'ai')} is version ${version}. Install it: npm install ai@7`
    for (const refused of [
      load('ollama/x', { cwd: folder }),
      Promise.resolve(fromModel('openai/x', { cwd: folder }).start?.()).catch((error: unknown) => error),
    ]) {
      const error = await refused
      expect(error).toBeInstanceOf(ModelLoadError)
      expect(error).toMatchObject({ code: 'failed_to_load', message: says })
    }
  })

  it('are refused where `ai` is something else that has no version', async () => {
    await install('ai', 'export const streamText = 1', '')
    expect(await load('ollama/x', { cwd: folder })).toMatchObject({
      code: 'failed_to_load',
      message: expect.stringMatching(/^`ai` 7 is needed; what is installed at .* is another version\./),
    })
  })

  it('that are missing are named with what to install', async () => {
    const name = '@colloquy/no-such-package'
    const missing = () => import(/* @vite-ignore */ name)
    const error = await importForModel(name, missing, { cwd: folder, install: ['ai', name] }).catch(
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(ModelLoadError)
    expect(error).toMatchObject({ code: 'missing_package' })
    expect(String(error)).toContain(
      `The package ${name} is not installed. Install it: npm install ai ${name}`,
    )
  })

  it('can be tried again after they were broken', async () => {
    await install('ai', 'throw new Error("half installed")')
    const chat = fromModel('openai/x', { cwd: folder })
    await expect(chat.start?.()).rejects.toMatchObject({ code: 'failed_to_load' })
    await rm(join(folder, 'node_modules', 'ai'), { recursive: true })
    await chat.start?.()
  })
})
