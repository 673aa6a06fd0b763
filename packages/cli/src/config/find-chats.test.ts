import { describe, expect, it } from 'vitest'
import { faultOf, readAll } from './read-config.fixture.js'

describe('the chats of the command line', () => {
  it('are one, when it is an argument or a command to run', async () => {
    const { cwd, chats, chatOrigin } = await readAll({ chat: 'model:openai/x' })
    const spec = { kind: 'model', id: 'openai/x' }
    expect(chats).toEqual([{ name: null, text: 'model:openai/x', spec, cwd }])
    expect(chatOrigin).toEqual({ kind: 'argument' })
    const exec = await readAll({ flags: { exec: 'tr a-z A-Z' } })
    expect(exec.chats).toMatchObject([{ name: null, spec: { kind: 'exec', command: 'tr a-z A-Z' } }])
    expect(exec.chatOrigin).toEqual({ kind: 'flag', name: '--exec' })
  })

  it('are several by their names, in their order, and what follows the first = is all of it', async () => {
    const { chats, chatOrigin } = await readAll({
      flags: { chat: ['shop=./shop.ts', 'help.me=exec:env A=b x'] },
    })
    expect(chats).toMatchObject([
      { name: 'shop', spec: { kind: 'file', path: './shop.ts' } },
      { name: 'help.me', spec: { kind: 'exec', command: 'env A=b x' } },
    ])
    expect(chatOrigin).toEqual({ kind: 'flag', name: '--chat' })
  })

  it('win over those of the configuration file', async () => {
    const files = { 'colloquy.config.json': '{ "chat": { "a": "./a.ts" } }' }
    expect((await readAll({ flags: { chat: ['b=./b.ts'] } }, files)).chats).toMatchObject([{ name: 'b' }])
    expect((await readAll({ flags: { exec: 'cat' } }, files)).chats).toMatchObject([{ name: null }])
  })

  it.each([
    [['./shop.ts'], 'a name and = are missing'],
    [['=./shop.ts'], 'a name and = are missing'],
    [['the shop=./shop.ts'], '"the shop" is no name'],
    [['__proto__=./shop.ts'], '"__proto__" is no name'],
    [['2=./shop.ts'], '"2" is no name'],
    [['shop='], '--chat shop: "" is nothing that could answer'],
    [['shop=model:x'], '--chat shop: "model:x" is nothing that could answer'],
    [['shop=model:x'], 'The provider is missing: model:openai/…'],
    [['shop=model:ollama'], 'The id of the model is missing: model:ollama/…'],
    [['shop=model:ollama/'], 'The id of the model is missing: model:ollama/…'],
    [['shop=./a.ts', 'shop=./b.ts'], 'there is more than one chat named shop'],
  ])('are not %j', async (chat, fault) => {
    expect(await faultOf({ flags: { chat } })).toContain(fault)
  })

  it('are told with all their faults', async () => {
    const fault = await faultOf({ flags: { chat: ['a b=./a.ts', 'c=exec:', 'd=./d.ts', 'd=./e.ts'] } })
    for (const part of ['"a b" is no name', '--chat c: ', 'more than one chat named d'])
      expect(fault).toContain(part)
  })

  it('are named in one way', async () => {
    for (const sources of [
      { chat: './bot.ts', flags: { exec: 'cat' } },
      { chat: './bot.ts', flags: { chat: ['a=./a.ts'] } },
      { flags: { exec: 'cat', chat: ['a=./a.ts'] } },
    ])
      expect(await faultOf(sources)).toContain(
        'only one of the argument, --chat and --exec can name what answers',
      )
  })
})

describe('a model', () => {
  it('is of no use to a chat that is something else', async () => {
    const fault = await faultOf({ chat: './bot.ts', flags: { model: 'openai/x' } })
    expect(fault).toContain(
      '--model: nothing that was named would use it. Example: colloquy serve model:openai/x',
    )
  })

  it('is of use to the assistant, also beside others', async () => {
    for (const sources of [
      { flags: { model: 'openai/x' } },
      { chat: 'assistant', flags: { model: 'openai/x' } },
      { flags: { model: 'openai/x', chat: ['a=assistant', 'b=./b.ts'] } },
    ])
      expect((await readAll(sources)).config.model).toBe('openai/x')
  })

  it.each(['gpt-5', 'openai/', '/gpt-5', 'open ai/gpt'])('is not %j', async (model) => {
    expect(await faultOf({ flags: { model } })).toContain('is not a provider, a slash and an id')
  })

  it('is told one thing before all others', async () => {
    const flags = { model: 'openai/x', system: 'Be brief.', systemFile: 'system.md' }
    const fault = await faultOf({ flags })
    expect(fault).toContain("--system: can't go together with --system-file")
    expect(fault).not.toContain('brief')
  })

  it('is missed by what is about it', async () => {
    const flags = { system: 'Be brief.', modelBaseUrl: 'http://localhost:1/v1' }
    expect((await readAll({ flags })).warnings).toEqual([
      '--model-base-url has no effect: no model answers. --model names one.',
      '--system has no effect: no model answers. --model names one.',
    ])
    expect((await readAll({ chat: 'model:openai/x', flags })).warnings).toEqual([])
  })

  it('is given no more messages than there are in a history', async () => {
    const warningsOf = async (flags: Readonly<Record<string, string>>) =>
      (await readAll({ chat: 'model:openai/x', flags })).warnings
    expect(await warningsOf({ modelHistoryMessages: '300' })).toEqual([
      '--model-history-messages has no effect beyond 200: --history-limit lets nothing have more of a history.',
    ])
    expect(await warningsOf({ modelHistoryMessages: '11', historyLimit: '10' })).toHaveLength(1)
    expect(await warningsOf({ modelHistoryMessages: '300', historyLimit: '300' })).toEqual([])
    expect(await warningsOf({ historyLimit: '10' })).toEqual([])
  })
})

describe('where models are asked', () => {
  const modelBaseUrl = 'http://127.0.0.1:9/v1'

  it('is one place for those of one provider', async () => {
    const flags = { modelBaseUrl, chat: ['a=model:openai/x', 'b=model:openai/y'] }
    expect((await readAll({ flags })).config.modelBaseUrl).toBe(modelBaseUrl)
  })

  it('is none for those of several, which would get the keys of each other', async () => {
    const fault = '--model-base-url: the models are of openai and anthropic'
    const chat = ['a=model:openai/x', 'b=model:anthropic/y']
    expect(await faultOf({ flags: { modelBaseUrl, chat } })).toContain(fault)
    const assistant = ['a=assistant', 'b=model:anthropic/y']
    expect(await faultOf({ flags: { modelBaseUrl, model: 'openai/x', chat: assistant } })).toContain(fault)
  })

  it.each(['http://me:pw@host/v1', 'http://host/v1?key=sk-secret', 'http://host/#pw', 'ftp://pw', 'pw'])(
    'is not %j, and nothing of that is shown',
    async (url) => {
      const fault = await faultOf({ chat: 'model:openai/x', flags: { modelBaseUrl: url } })
      expect(fault).toContain('its value is not an http or https URL without user name, query and fragment')
      expect(fault).not.toMatch(/pw|secret/)
    },
  )
})

describe('what is said in several places', () => {
  const files = {
    'colloquy.config.json': '{ "model": "openai/x", "systemFile": "system.md", "chat": "assistant" }',
  }

  it('counts as the more important place says it', async () => {
    const system = await readAll({ flags: { system: 'Be brief.' } }, files)
    expect([system.config.system, system.config.systemFile]).toEqual(['Be brief.', null])
    const env = { COLLOQUY_SYSTEM: 'Be brief.' }
    const systemFile = await readAll({ flags: { systemFile: 'other.md' }, env }, files)
    expect([systemFile.config.system, systemFile.config.systemFile]).toEqual([
      null,
      `${systemFile.cwd}/other.md`,
    ])
  })

  it('lets the command line name another chat than the one of a model', async () => {
    expect((await readAll({ flags: { exec: 'cat' } }, files)).chats).toMatchObject([
      { spec: { kind: 'exec' } },
    ])
    const env = { COLLOQUY_MODEL: 'openai/x' }
    expect((await readAll({ chat: './bot.ts', env })).chats).toMatchObject([{ spec: { kind: 'file' } }])
  })
})

describe('watching', () => {
  it('is for modules, and says so where there is none', async () => {
    const warning = '--watch has no effect: no module answers. It is for modules, such as ./bot.ts.'
    for (const chat of ['./bot.py', 'exec:cat', undefined])
      expect((await readAll({ chat, flags: { watch: 'true' } })).warnings).toEqual([warning])
    expect((await readAll({ chat: './bot.ts', flags: { watch: 'true' } })).warnings).toEqual([])
  })
})
