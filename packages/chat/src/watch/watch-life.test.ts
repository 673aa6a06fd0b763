import { pathToFileURL } from 'node:url'
import { type ChatContext, type ChatInterface, createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { watchChat } from './index.js'
import { ask, createProject } from './watched-project.fixture.js'

/** A module whose chat tells `globalThis[calls]` what happens to it, and waits for a word to go on. */
const lively = (name: string, lines = '') => `
  const calls = (globalThis.watchCalls ??= [])
  ${lines}
  export default {
    name: '${name}',
    functions: [{ name: 'of_${name}', description: '', parameters: {} }],
    async start() { calls.push('start ${name}') },
    async stop() { calls.push('stop ${name}') },
    health: () => ({ ${name}: { status: 'healthy' } }),
    async *reply(message) {
      yield '${name} begins '
      if (message === 'wait') await globalThis.watchGate.promise
      if (message === 'throw') throw new Error('thrown')
      yield '${name} ends'
    },
  }`

function setUp() {
  const gate = Promise.withResolvers<void>()
  const calls: string[] = []
  Object.assign(globalThis, { watchCalls: calls, watchGate: gate })
  return { calls, gate }
}

const open = (chat: ChatInterface, message: string) =>
  chat.reply(message, {} as ChatContext)[Symbol.asyncIterator]()

describe('a chat that is replaced', () => {
  it('is what the name, the functions and the health are no longer of', async () => {
    setUp()
    const project = createProject({ 'bot.mjs': lively('one') })
    const chat = await project.watch('bot.mjs')
    expect([chat.name, chat.functions?.[0]?.name, await chat.health?.()]).toEqual([
      'one',
      'of_one',
      { one: { status: 'healthy' } },
    ])
    project.write('bot.mjs', lively('two'))
    expect(await project.reload()).toEqual({ status: 'reloaded', name: 'two' })
    expect([chat.name, chat.functions?.[0]?.name, await chat.health?.()]).toEqual([
      'two',
      'of_two',
      { two: { status: 'healthy' } },
    ])
    project.write('bot.mjs', 'export default (message) => message')
    await project.reload()
    expect([chat.name, chat.functions, chat.chats, await chat.health?.()]).toEqual(['bot', [], [], {}])
  })

  it('finishes what it began, and is stopped after the last of it; the new one answers in the meantime', async () => {
    const { calls, gate } = setUp()
    const project = createProject({ 'bot.mjs': lively('one') })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    const replies = [ask(chat, 'wait'), ask(chat, 'wait')]
    project.write('bot.mjs', lively('two'))
    await project.reload()
    expect(await ask(chat)).toBe('two begins two ends')
    expect(calls).toEqual(['start one', 'start two'])
    gate.resolve()
    expect(await Promise.all(replies)).toEqual(['one begins one ends', 'one begins one ends'])
    await new Promise(setImmediate)
    expect(calls).toEqual(['start one', 'start two', 'stop one'])
    await chat.stop?.()
    expect(calls).toEqual(['start one', 'start two', 'stop one', 'stop two'])
  })

  it.each([
    [
      'throws',
      async (chat: ChatInterface) => {
        const reply = open(chat, 'throw')
        await reply.next()
        return async () => void (await reply.next().catch(() => {}))
      },
    ],
    [
      'is left by its reader',
      async (chat: ChatInterface) => {
        const reply = open(chat, 'hi')
        await reply.next()
        return async () => void (await reply.return?.())
      },
    ],
    [
      'is read past its end',
      async (chat: ChatInterface) => {
        const reply = open(chat, 'hi')
        await reply.next()
        return async () => {
          for (let i = 0; i < 4; i += 1) await reply.next()
          await reply.return?.()
        }
      },
    ],
  ])('is stopped once, also when its last reply %s', async (_how, begin) => {
    const { calls } = setUp()
    const project = createProject({ 'bot.mjs': lively('one') })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    const end = await begin(chat)
    project.write('bot.mjs', lively('two'))
    await project.reload()
    expect(calls).not.toContain('stop one')
    await end()
    await new Promise(setImmediate)
    expect(calls).toEqual(['start one', 'start two', 'stop one'])
  })

  it('is stopped at once when a reply was asked for and never read, or ended before it was', async () => {
    const { calls } = setUp()
    const project = createProject({ 'bot.mjs': lively('one') })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    const never = open(chat, 'hi')
    const ended = open(chat, 'hi')
    await ended.return?.()
    project.write('bot.mjs', lively('two'))
    await project.reload()
    await new Promise(setImmediate)
    expect(calls).toEqual(['start one', 'start two', 'stop one'])
    expect(await ended.next()).toEqual({ done: true, value: undefined })
    expect(await never.next()).toEqual({ done: false, value: 'two begins ' })
  })

  it('is stopped five seconds after its last reply was told to end and did not', async () => {
    const { calls } = setUp()
    const clock = createManualClock()
    const project = createProject({ 'bot.mjs': lively('one') })
    const chat = await project.watch('bot.mjs', { clock })
    await chat.start?.()
    const reply = open(chat, 'wait')
    await reply.next()
    void reply.next()
    void reply.return?.()
    project.write('bot.mjs', lively('two'))
    while (clock.timers < 2) await new Promise(setImmediate) // the change has been noticed
    await clock.advance(100)
    await project.reload()
    await clock.advance(4_800)
    expect(calls).toEqual(['start one', 'start two'])
    await clock.advance(200)
    expect(calls).toEqual(['start one', 'start two', 'stop one'])
    expect(clock.timers).toBe(0)
  })

  it('is replaced ten times in a row, and each is started and stopped once', async () => {
    const { calls } = setUp()
    const project = createProject({ 'bot.mjs': lively('v0') })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    for (let i = 1; i <= 10; i += 1) {
      project.write('bot.mjs', lively(`v${i}`))
      await project.reload()
      expect(await ask(chat)).toBe(`v${i} begins v${i} ends`)
    }
    await chat.stop?.()
    const names = Array.from({ length: 11 }, (_, i) => `v${i}`)
    expect(calls.toSorted()).toEqual(names.flatMap((name) => [`start ${name}`, `stop ${name}`]).toSorted())
  })

  it('before it was started is not stopped; the new one is started in its place', async () => {
    const { calls } = setUp()
    const project = createProject({ 'bot.mjs': lively('one') })
    const chat = await project.watch('bot.mjs')
    project.write('bot.mjs', lively('two'))
    await project.reload()
    await chat.start?.()
    await chat.stop?.()
    expect(calls).toEqual(['start two', 'stop two'])
  })

  it('whose stop throws is told in the log, and nothing else', async () => {
    setUp()
    const project = createProject({
      'bot.mjs': "export default { stop() { throw new Error('stuck') }, reply: () => 'one' }",
    })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    project.write('bot.mjs', lively('two'))
    await project.reload()
    await new Promise(setImmediate)
    expect(project.log.find(({ level }) => level === 'error')).toEqual({
      level: 'error',
      message: 'a chat interface that was replaced failed to stop',
      err: new Error('stuck'),
    })
    expect(await ask(chat)).toBe('two begins two ends')
  })
})

describe('a start', () => {
  it('that fails leaves the one before, and is told with its place', async () => {
    const { calls } = setUp()
    const project = createProject({ 'bot.mjs': lively('one') })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    const file = project.write(
      'bot.mjs',
      'export default {',
      "  async start() { throw new Error('no key') },",
      "  reply: () => 'two',",
      '}',
    )
    const reload = await project.reload()
    expect(reload).toMatchObject({
      status: 'failed',
      error: {
        code: 'failed_to_load',
        message: `${file} could not be started: Error: no key\n    at Object.start (${file}:2:25)`,
      },
    })
    expect(await ask(chat)).toBe('one begins one ends')
    await chat.stop?.()
    expect(calls).toEqual(['start one', 'stop one'])
  })

  it('of the first that fails may be called again, after the module was mended', async () => {
    const { calls } = setUp()
    const project = createProject({
      'bot.mjs':
        "export default { start() { throw new Error('no key') }, stop() { calls.push(0) }, reply: () => 1 }",
    })
    const chat = await project.watch('bot.mjs')
    await expect(chat.start?.()).rejects.toThrow('no key')
    project.write('bot.mjs', lively('two'))
    await project.reload()
    await chat.start?.()
    expect(await ask(chat)).toBe('two begins two ends')
    await chat.stop?.()
    expect(calls).toEqual(['start two', 'stop two'])
  })

  it('of the first that is still going on is waited for before another one takes over', async () => {
    const { calls, gate } = setUp()
    const project = createProject({
      'bot.mjs': lively('one').replace(
        "calls.push('start one')",
        "calls.push('starting one'); await watchGate.promise",
      ),
    })
    const chat = await project.watch('bot.mjs')
    const starting = chat.start?.()
    const loaded = new Promise((resolve) => Object.assign(globalThis, { watchLoaded: resolve }))
    project.write('bot.mjs', lively('two', 'globalThis.watchLoaded()'))
    await loaded
    expect(calls).toEqual(['starting one'])
    gate.resolve()
    await starting
    await project.reload()
    await new Promise(setImmediate)
    expect(calls).toEqual(['starting one', 'start two', 'stop one'])
  })

  it('that another change comes before is undone, and its chat never answers', async () => {
    const { calls, gate } = setUp()
    const project = createProject({ 'bot.mjs': lively('one') })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    const slow = lively('slow').replace(
      "calls.push('start slow')",
      'calls.push("start slow"); watchStarting(); await watchGate.promise',
    )
    const starting = new Promise<void>((resolve) => Object.assign(globalThis, { watchStarting: resolve }))
    project.write('bot.mjs', slow)
    await starting
    project.write('bot.mjs', lively('three'))
    expect(await project.reload()).toEqual({ status: 'reloaded', name: 'three' })
    gate.resolve()
    await new Promise(setImmediate)
    expect(calls).toEqual(['start one', 'start slow', 'start three', 'stop one', 'stop slow'])
    expect(await ask(chat)).toBe('three begins three ends')
  })
})

describe('stop', () => {
  it('stops what was replaced and has not ended, what is just starting, and the newest; twice does no harm', async () => {
    const { calls, gate } = setUp()
    const project = createProject({ 'bot.mjs': lively('one') })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    const reply = open(chat, 'wait')
    await reply.next()
    project.write('bot.mjs', lively('two'))
    await project.reload()
    const starting = new Promise<void>((resolve) => Object.assign(globalThis, { watchStarting: resolve }))
    project.write(
      'bot.mjs',
      lively('three').replace("calls.push('start three')", 'watchStarting(); await watchGate.promise'),
    )
    await starting
    const stopping = Promise.all([chat.stop?.(), chat.stop?.()])
    gate.resolve()
    await stopping
    expect(calls.toSorted()).toEqual(['start one', 'start two', 'stop one', 'stop three', 'stop two'])
    await chat.stop?.()
    expect(calls).toHaveLength(5)
    expect(project.log).toHaveLength(1)
  })

  it('rejects with what the newest throws', async () => {
    setUp()
    const project = createProject({
      'bot.mjs': "export default { stop() { throw new Error('stuck') }, reply: () => 'one' }",
    })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    await expect(chat.stop?.()).rejects.toThrow('stuck')
  })
})

describe('close', () => {
  it('ends the watching, not the answers; twice does no harm', async () => {
    setUp()
    const clock = createManualClock()
    const project = createProject({ 'bot.mjs': lively('one') })
    const chat = await project.watch('bot.mjs', { clock })
    project.write('bot.mjs', lively('two'))
    while (clock.timers === 0) await new Promise(setImmediate)
    chat.close()
    chat.close()
    expect(clock.timers).toBe(0)
    project.write('bot.mjs', lively('three'))
    expect(await ask(chat)).toBe('one begins one ends')
    await chat.stop?.()
    expect(project.log).toEqual([])
  })
})

describe('without options', () => {
  it('the newest answers, and nobody is told', async () => {
    setUp()
    const project = createProject()
    const chat = await watchChat(pathToFileURL(project.write('bot.mjs', lively('one'))))
    project.write('bot.mjs', lively('two'))
    while (chat.name !== 'two') await new Promise(setImmediate)
    expect(await ask(chat)).toBe('two begins two ends')
    chat.close()
  })
})

describe('a reply that can not be opened', () => {
  it('fails once, and does not keep its chat from stopping', async () => {
    const { calls } = setUp()
    const project = createProject({
      'bot.mjs':
        "export default { start() {}, stop() { watchCalls.push('stop') }, reply() { throw new Error('at once') } }",
    })
    const chat = await project.watch('bot.mjs')
    await chat.start?.()
    const reply = open(chat, 'hi')
    await expect(reply.next()).rejects.toThrow('at once')
    expect(await reply.next()).toEqual({ done: true, value: undefined })
    project.write('bot.mjs', 'export default (message) => message')
    await project.reload()
    await new Promise(setImmediate)
    expect(calls).toEqual(['stop'])
  })
})

describe('over a session manager', () => {
  it('keeps sessions, their state and running turns through a reload', async () => {
    const { gate } = setUp()
    const counts = (name: string) => `
      export default async function* (message, { state }) {
        const n = (state ?? 0) + 1
        yield \`${name} \${n}\`
        if (message === 'wait') await globalThis.watchGate.promise
        yield { type: 'state', state: n }
      }`
    const project = createProject({ 'bot.mjs': counts('one') })
    const chat = await project.watch('bot.mjs')
    const manager = createSessionManager({ store: createMemoryStore(), chat })
    await manager.start()
    const say = (message: string, sessionId?: string) =>
      manager.startTurn({ message, ...(sessionId === undefined ? {} : { sessionId }) })
    const first = await say('hi')
    expect(await first.ended).toMatchObject({ type: 'turn.completed', content: 'one 1' })
    const running = await say('wait', first.sessionId)
    for await (const event of running.events()) if (event.type === 'text.delta') break
    project.write('bot.mjs', counts('two'))
    await project.reload()
    expect(await (await say('hi')).ended).toMatchObject({ content: 'two 1' })
    gate.resolve()
    expect(await running.ended).toMatchObject({ type: 'turn.completed', content: 'one 2' })
    expect(await (await say('hi', first.sessionId)).ended).toMatchObject({ content: 'two 3' })
    await manager.close()
  })
})
