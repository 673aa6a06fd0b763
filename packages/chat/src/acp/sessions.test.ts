import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { AcpOptions } from './acp-options.js'
import { fromAcp } from './from-acp.js'
import type { ScriptedAgent } from './scripted-agent.fixture.js'
import {
  agentChat,
  chunksOf,
  inSession,
  isAlive,
  newFolder,
  recallOf,
  replyOf,
  said,
  script,
  startedChat,
  stateOf,
  textOf,
  until,
} from './talk.fixture.js'

const recall = script({ recall: true })

/** A chat interface whose agent keeps its sessions in a folder, and a journal of what it was asked. */
async function keepingChat(agent: ScriptedAgent, options: Partial<AcpOptions> = {}) {
  const folder = await newFolder()
  const journal = join(folder, 'journal')
  const kept = { folder, journal, ...agent }
  const chat = await startedChat(kept, options)
  return {
    chat,
    /** Another life of the server, with the same agent. */
    again: () => startedChat(kept, options),
    journal: async () => (await readFile(journal, 'utf8').catch(() => '')).trim().split('\n'),
  }
}

async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL')
  await until(() => !isAlive(pid))
}

describe('the sessions of an agent', () => {
  it('are one for each session, kept from turn to turn', async () => {
    const chat = await startedChat()
    await chunksOf(chat, 'one', inSession('a'))
    await chunksOf(chat, 'two', inSession('b'))
    expect((await recallOf(chat, inSession('a'))).said).toEqual(['one', recall])
    expect((await recallOf(chat, inSession('b'))).said).toEqual(['two', recall])
  })

  it('answer at the same time without mixing', async () => {
    const chat = await startedChat()
    const sessions = Array.from({ length: 10 }, (_, n) => `session ${n}`)
    const answers = await Promise.all(
      sessions.map(async (id) => {
        const steps = Array.from({ length: 100 }, (_, n) => ({ say: `${id}: ${n}\n` }))
        return textOf(await chunksOf(chat, script(...steps), inSession(id)))
      }),
    )
    for (const [n, id] of sessions.entries())
      expect(answers[n]).toBe(Array.from({ length: 100 }, (_, n) => `${id}: ${n}\n`).join(''))
  })

  it('may be one that waits while another one is answered', async () => {
    const chat = await startedChat()
    const stop = new AbortController()
    const context = inSession('a', { signal: stop.signal })
    const reply = replyOf(chat, [{ say: 'begun' }, { endless: 'silent' }], context)
    await reply.next()
    await reply.next()
    expect(textOf(await chunksOf(chat, 'Hello', inSession('b')))).toBe('You said: Hello')
    stop.abort()
    expect((await reply.next()).done).toBe(true)
  })

  it('are served by a manager, each turn to its end', async () => {
    const manager = createSessionManager({ store: createMemoryStore(), chat: agentChat() })
    onTestFinished(() => manager.close())
    await manager.start()
    const answer = async (message: string, sessionId?: string) => {
      const turn = await manager.startTurn({ message, ...(sessionId === undefined ? {} : { sessionId }) })
      expect((await turn.ended).type).toBe('turn.completed')
      const { data } = await manager.sessions.messages(turn.sessionId, { order: 'desc', limit: 1 })
      return { sessionId: turn.sessionId, text: data[0]?.content }
    }
    const [a, b] = await Promise.all([answer('one'), answer('two')])
    const answers = await Promise.all([answer(recall, a.sessionId), answer(recall, b.sessionId)])
    expect(answers[0].text).toContain('["one"')
    expect(answers[1].text).toContain('["two"')
  })

  it('that the agent gives the same id are refused: one would see what is said in the other', async () => {
    const chat = await startedChat({ onlyId: 'same' })
    await chunksOf(chat, 'one', inSession('a'))
    await expect(chunksOf(chat, 'two', inSession('b'))).rejects.toMatchObject({ code: 'upstream_failed' })
  })

  it('are forgotten when there are too many, closed where the agent can do that, and brought back', async () => {
    const { chat, journal } = await keepingChat({ canClose: true, canResume: true }, { maxSessions: 2 })
    const states = new Map<string, ReturnType<typeof stateOf>>()
    for (const id of ['a', 'b', 'c']) states.set(id, stateOf(await chunksOf(chat, id, inSession(id))))
    const { said } = await recallOf(chat, inSession('a', { state: states.get('a') ?? null }))
    expect(said).toEqual(['a', recall])
    const idOf = (id: string) => (states.get(id) as { session_id: string }).session_id
    expect(await journal()).toEqual([
      `new ${idOf('a')}`,
      `new ${idOf('b')}`,
      `new ${idOf('c')}`,
      `close ${idOf('a')}`,
      `resume ${idOf('a')}`,
      expect.stringContaining('close') as string,
    ])
  })
})

describe('a session that is opened', () => {
  it('too late for its turn is closed, and the next turn has one of its own', async () => {
    const { chat, journal } = await keepingChat({ canClose: true })
    await chunksOf(chat, script({ door: 'shut' }), inSession('b'))
    const stop = new AbortController()
    const reply = chunksOf(chat, 'never asked', inSession('a', { signal: stop.signal }))
    await recallOf(chat, inSession('b'))
    stop.abort()
    expect(await reply).toEqual([])
    await chunksOf(chat, script({ door: 'open' }), inSession('b'))
    expect((await recallOf(chat, inSession('a'))).said).toEqual([recall])
    const lines = await journal()
    const late = lines[1]?.split(' ')[1]
    expect(lines.filter((line) => line.startsWith('close'))).toEqual([`close ${late}`])
  })

  it('is not forgotten while it is asked, however many come after it', async () => {
    const { chat, journal } = await keepingChat({ canClose: true }, { maxSessions: 1 })
    const stop = new AbortController()
    const context = inSession('a', { signal: stop.signal })
    const reply = replyOf(chat, [{ say: 'go' }, { endless: 'silent' }], context)
    for (let n = 0; n < 2; n += 1) await reply.next()
    for (const id of ['b', 'c']) await chunksOf(chat, 'Hello', inSession(id))
    expect(
      (await journal()).filter((line) => line.startsWith('close')).map((line) => line.slice(-2)),
    ).toEqual(['-2'])
    stop.abort()
    expect(await reply.next()).toEqual({ done: true, value: undefined })
  })

  it('is a new one where its state names one that another session uses', async () => {
    const { chat } = await keepingChat({ canLoad: true })
    const state = stateOf(await chunksOf(chat, 'secret', inSession('a')))
    const copy = await chunksOf(chat, recall, inSession('copy', { state }))
    expect(stateOf(copy)).not.toEqual(state)
    expect(textOf(copy)).not.toContain('secret')
  })
})

describe('a prompt', () => {
  it('carries the trace that its turn is a part of', async () => {
    const chat = await startedChat()
    const trace = {
      traceparent: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
      tracestate: 'a=b',
    }
    expect(await recallOf(chat, inSession('a', { trace }))).toMatchObject({ meta: trace })
    expect(await recallOf(chat, inSession('a'))).not.toHaveProperty('meta')
  })
})

describe('a session after its agent has ended', () => {
  it.each<[string, ScriptedAgent, string]>([
    ['is resumed', { canResume: true, canLoad: true }, 'resume'],
    ['is loaded where it can not be resumed, and what was said is not said again', { canLoad: true }, 'load'],
  ])('%s', async (_what, agent, method) => {
    const { chat, journal } = await keepingChat(agent)
    const first = await chunksOf(chat, script({ say: 'chair' }, { recall: true }), inSession('a'))
    const state = stateOf(first)
    await kill((await recallOf(chat, inSession('a', { state }))).pid)
    const history = [said('user', 'A'), said('assistant', 'B')]
    const chunks = await chunksOf(chat, recall, inSession('a', { state, history }))
    expect(chunks.map(({ type }) => type)).toEqual(['text', 'finish'])
    expect((JSON.parse(textOf(chunks)) as { said: string[] }).said).toHaveLength(3)
    expect((await journal()).map((line) => line.split(' ')[0])).toEqual(['new', method])
  })

  it('is brought back by its state in another life of the server', async () => {
    const { chat, again } = await keepingChat({ canLoad: true })
    const state = stateOf(await chunksOf(chat, 'one', inSession('a')))
    await chat.stop?.()
    const next = await again()
    expect((await recallOf(next, inSession('a', { state }))).said).toEqual(['one', recall])
  })

  it('is brought back even when no turn has completed that would have kept its id', async () => {
    const { chat, journal } = await keepingChat({ canResume: true })
    const { pid } = await recallOf(chat, inSession('a'))
    await kill(pid)
    expect((await recallOf(chat, inSession('a'))).said).toEqual([recall, recall])
    expect(await journal()).toHaveLength(2)
  })

  it.each<[string, ScriptedAgent]>([
    ['that can not load', {}],
    ['that can load, and does not know it any more', { canLoad: true, canResume: true }],
  ])('is a new one with an agent %s, which is told what was said', async (_what, agent) => {
    const chat = await startedChat(agent)
    const history = [said('user', 'Ein "Stuhl"\nbitte 🪑'), said('assistant', ''), said('user', 'Und?')]
    const state = { session_id: 'of another life' }
    const chunks = await chunksOf(chat, recall, inSession('a', { state, history }))
    expect(chunks.map(({ type }) => type)).toEqual(['state', 'data', 'text', 'finish'])
    expect(chunks[1]).toEqual({ type: 'data', name: 'session.renewed', data: {} })
    expect(stateOf(chunks)).not.toEqual(state)
    const [told, ...rest] = (JSON.parse(textOf(chunks)) as { said: string[] }).said
    expect(rest).toEqual([recall])
    const lines = (told ?? '').split('\n').filter((line) => line.startsWith('{'))
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(history)
    // It is told once only.
    expect((await recallOf(chat, inSession('a', { state: stateOf(chunks), history }))).said).toHaveLength(3)
  })

  it('is told only the end of what was said when that is too long', async () => {
    const chat = await startedChat()
    const history = Array.from({ length: 200 }, (_, n) => said('user', `${n} ${'x'.repeat(1_000)}`))
    const [told] = (await recallOf(chat, inSession('a', { history }))).said
    const lines = (told ?? '').split('\n').filter((line) => line.startsWith('{'))
    expect((told ?? '').length).toBeLessThan(66_000)
    expect(lines.length).toBeGreaterThan(50)
    expect(JSON.parse(lines.at(-1) ?? '')).toEqual(history.at(-1))
  })

  it('is the one of its state when another instance has begun a new one', async () => {
    const { chat, again } = await keepingChat({ canLoad: true })
    const state = stateOf(await chunksOf(chat, 'one', inSession('a')))
    const other = await again()
    const newer = stateOf(await chunksOf(other, 'two', inSession('a')))
    expect(newer).not.toEqual(state)
    expect((await recallOf(chat, inSession('a', { state: newer }))).said).toEqual(['two', recall])
  })

  it('has a state that is nothing of ours, and begins anew', async () => {
    const chat = await startedChat({ canLoad: true })
    for (const state of ['text', 7, true, [], {}, { session_id: 7 }, { session_id: null }])
      expect(stateOf(await chunksOf(chat, 'Hello', inSession(JSON.stringify(state), { state })))).toEqual({
        session_id: expect.any(String) as string,
      })
  })
})

describe('a session that its agent does not know any more', () => {
  it('is brought back, and asked again', async () => {
    const { chat, journal } = await keepingChat({ canLoad: true, canClose: true })
    const state = stateOf(await chunksOf(chat, 'one', inSession('a')))
    const { session_id: sessionId } = state as { session_id: string }
    await chunksOf(chat, script({ forget: sessionId }), inSession('b'))
    expect((await recallOf(chat, inSession('a', { state }))).said).toEqual(['one', recall])
    expect((await journal()).map((line) => line.split(' ')[0])).toEqual(['new', 'new', 'load'])
  })

  it('is not asked again when it had begun to answer', async () => {
    const chat = await startedChat()
    const message = script({ say: 'begun' }, { fail: -32_002, message: 'no such chair' })
    await expect(chunksOf(chat, message)).rejects.toMatchObject({ code: 'upstream_failed' })
    expect((await recallOf(chat)).said).toHaveLength(2)
  })

  it('fails when it is not known the second time, too', async () => {
    const chat = await startedChat()
    const message = script({ fail: -32_002, message: 'secret' })
    const error: unknown = await chunksOf(chat, message).catch((error: unknown) => error)
    expect(error).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('-32002') as string,
    })
    expect(String(error)).not.toContain('secret')
  })
})

describe('the folder and the servers of sessions', () => {
  it('are those of the options', async () => {
    const cwd = await newFolder()
    const server = { name: 'shop', command: 'shop-mcp', args: ['--fast'], env: [] }
    const chat = await startedChat({ canLoad: true }, { cwd, mcpServers: [server] })
    const { place } = (await recallOf(chat)) as unknown as { place: object }
    expect(place).toEqual({ process: cwd, cwd, mcpServers: [server] })
  })

  it('are checked before anything is started', () => {
    expect(() => agentChat({}, { cwd: 'relative' })).toThrow('cwd has to be an absolute path')
    expect(() => agentChat({}, { command: '' })).toThrow('fromAcp(): command has to be')
    expect(() => agentChat({}, { files: { directory: '.' } })).toThrow('files.directory')
    expect(() => agentChat({}, { terminals: { directory: 'x' } })).toThrow('terminals.directory')
    expect(() => agentChat({}, { maxSessions: 0 })).toThrow('maxSessions')
    expect(() => agentChat({}, { startTimeoutMs: Number.NaN })).toThrow('startTimeoutMs')
  })

  it.each<[object, string]>([
    [{}, 'fromAcp(): command has to be the program to run, a text that is not empty.'],
    [{ permissions: { allow: 'read' } }, 'fromAcp(): permissions.allow has to be a list of texts.'],
    [{ permissions: {} }, 'fromAcp(): permissions needs allow, a list of texts.'],
    [{ permissions: ['read'] }, 'fromAcp(): permissions needs allow, a list of texts.'],
    [{ files: '/srv' }, 'fromAcp(): files takes an object of options; got string.'],
    [{ files: {} }, 'fromAcp(): files.directory has to be an absolute path; got undefined.'],
    [
      { terminals: { directory: '/', commands: 'ls' } },
      'fromAcp(): terminals.commands has to be a list of texts.',
    ],
    [{ args: '--acp' }, 'fromAcp(): args has to be a list of texts.'],
    [{ env: { KEY: 7 } }, 'fromAcp(): env has to be an object of texts, by their names.'],
    [{ mcpServers: {} }, 'fromAcp(): mcpServers has to be a list.'],
    [{ authMethodId: '' }, 'fromAcp(): authMethodId has to be a text that is not empty.'],
    [{ stopGraceMs: '5' }, 'fromAcp(): stopGraceMs has to be a whole number of at least 1; got 5.'],
  ])('are refused with the name of what is wrong: %j', (options, message) => {
    const command = Object.keys(options).length === 0 ? {} : { command: 'x' }
    expect(() => fromAcp({ ...command, ...options } as AcpOptions)).toThrow(message)
  })
})
