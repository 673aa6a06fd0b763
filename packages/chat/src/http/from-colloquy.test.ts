import { createHash } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isChatError, type Logger, silentLogger } from '@colloquy/session'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { withRetry } from '../composition/with-retry.js'
import { answerOf, contextOf, reading, stateIn, textIn, toldBy } from './asking.fixture.js'
import { startProxy } from './cutting-proxy.fixture.js'
import { fromColloquy } from './index.js'
import { type RemoteServer, startRemote } from './remote-server.fixture.js'

vi.setConfig({ testTimeout: 30_000 }) // servers start in processes of their own

/** Waits for nothing between two attempts. */
const quick = { wait: async () => {}, random: () => 0 }

const sessionOf = (chunks: Parameters<typeof stateIn>[0]) =>
  (stateIn(chunks) as { readonly session_id: string } | undefined)?.session_id ?? ''

/** The turns of all sessions of a server, as their statuses. */
async function turnsAt({ client }: RemoteServer): Promise<string[]> {
  const { data: sessions } = await client.sessions.list()
  const pages = await Promise.all(sessions.map(({ session_id }) => client.session(session_id).turns.list()))
  return pages.flatMap(({ data }) => data.map(({ status }) => status))
}

/** The same, once none of them runs any more: one that is cancelled takes a moment to stop. */
async function endedTurnsAt(remote: RemoteServer): Promise<string[]> {
  for (;;) {
    const turns = await turnsAt(remote)
    if (!turns.includes('running') && !turns.includes('queued')) return turns
  }
}

/** A logger that keeps its warnings. */
function keeping(): { readonly logger: Logger; readonly warnings: object[] } {
  const warnings: object[] = []
  return { warnings, logger: { ...silentLogger, warn: (fields) => warnings.push(fields) } }
}

/** A folder that is gone after the test. */
async function folder(): Promise<string> {
  const made = await mkdtemp(join(tmpdir(), 'colloquy-remote-'))
  onTestFinished(() => rm(made, { recursive: true, force: true }))
  return made
}

describe('an answer of another server', () => {
  it('comes through with all that is in it', async () => {
    const remote = await startRemote()
    const { chunks, error } = await answerOf(fromColloquy({ baseUrl: remote.url }), 'everything')
    expect(error).toBeUndefined()
    expect(chunks).toEqual([
      { type: 'text', text: 'Grüße ' },
      { type: 'functionCall', callId: '1', name: 'find', arguments: { q: '🪑' } },
      { type: 'functionResult', callId: '1', name: 'find', result: null },
      { type: 'functionCall', callId: '2', name: 'find', arguments: {} },
      { type: 'functionResult', callId: '2', name: 'find', error: 'gone' },
      { type: 'data', name: 'card', data: [1] },
      { type: 'text', text: '🪑' },
      { type: 'usage', inputTokens: 3, outputTokens: 4 },
      { type: 'finish', reason: 'length' },
      { type: 'state', state: { session_id: expect.stringMatching(/^sess_/) } },
    ])
  })

  it('streams: the first piece is there before the last one is made', async () => {
    const { url } = await startRemote()
    const chat = fromColloquy({ baseUrl: url })
    const answer = reading(chat, 'gate a')
    expect(await answer.next()).toMatchObject({ value: { text: 'before ' } })
    await answerOf(chat, 'open a')
    expect(await answer.next()).toMatchObject({ value: { text: 'after' } })
  })

  it('is asked in one session there for each one here, with its metadata, and with the trace', async () => {
    const remote = await startRemote()
    const chat = fromColloquy({ baseUrl: remote.url, ttlSeconds: 77 })
    const session = { id: 'sess_1', metadata: { user: 'ada' }, chat: null }
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const first = await answerOf(chat, 'told', { session, trace: { traceparent, tracestate: 'a=b' } })
    const told = JSON.parse(textIn(first.chunks)) as { metadata: unknown; trace: { traceparent: string } }
    expect(told.metadata).toEqual({ user: 'ada' })
    expect(told.trace.traceparent).toContain('0af7651916cd43dd8448eb211c80319c')
    const state = stateIn(first.chunks) ?? null
    const second = await answerOf(chat, 'history', { session, state })
    expect(textIn(second.chunks)).toBe(`told|${textIn(first.chunks)}`)
    expect(stateIn(second.chunks)).toEqual(state)
    const { data } = await remote.client.sessions.list()
    expect(data).toMatchObject([{ metadata: { user: 'ada' }, ttl_seconds: 77, message_count: 4 }])
  })

  it('is not mixed up with those of other sessions at the same time', async () => {
    const remote = await startRemote()
    const chat = fromColloquy({ baseUrl: remote.url })
    const messages = Array.from({ length: 20 }, (_, n) => `message ${n} of many`)
    const answers = await Promise.all(messages.map((message) => answerOf(chat, message)))
    expect(answers.map(({ chunks }) => textIn(chunks).trim())).toEqual(messages)
    expect(new Set(answers.map(({ chunks }) => sessionOf(chunks))).size).toBe(20)
  })

  it('begins anew where the state is of another chat interface', async () => {
    const { url } = await startRemote()
    for (const state of [7, 'x', [], { session_id: 7 }, { session_id: '' }, { count: 1 }]) {
      const { chunks, error } = await answerOf(fromColloquy({ baseUrl: url }), 'Hello', { state })
      expect(error).toBeUndefined()
      expect(sessionOf(chunks)).toMatch(/^sess_/)
    }
  })
})

describe('a session that is gone there', () => {
  it('is made anew, once, which is told, whether it was deleted or has expired', async () => {
    const remote = await startRemote()
    const chat = fromColloquy({ baseUrl: remote.url, ttlSeconds: 1 })
    const first = await answerOf(chat)
    await remote.client.session(sessionOf(first.chunks)).delete()
    const second = await answerOf(chat, 'history', { state: stateIn(first.chunks) ?? null })
    expect(second.error).toBeUndefined()
    expect(second.chunks[0]).toEqual({
      type: 'data',
      name: 'session.renewed',
      data: { reason: 'session_not_found' },
    })
    expect(textIn(second.chunks)).toBe('')
    const session = sessionOf(second.chunks)
    expect(session).not.toBe(sessionOf(first.chunks))
    const isThere = () =>
      remote.client.sessions.get(session).then(
        () => true,
        () => false,
      )
    while (await isThere()); // for the second that it lives
    const third = await answerOf(chat, 'Hello', { state: stateIn(second.chunks) ?? null })
    expect(third.chunks[0]).toMatchObject({ name: 'session.renewed' })
    expect(textIn(third.chunks)).toBe('Hello ')
  })

  it('is made anew after a restart of a server that keeps its sessions in memory', async () => {
    const before = await startRemote()
    const chat = fromColloquy({ baseUrl: before.url, ...quick })
    const first = await answerOf(chat)
    await before.kill()
    await startRemote([], { port: before.port })
    const second = await answerOf(chat, 'Again', { state: stateIn(first.chunks) ?? null })
    expect(second.chunks[0]).toMatchObject({ name: 'session.renewed' })
    expect(textIn(second.chunks)).toBe('Again ')
  })

  it('in the middle of a turn takes the turn with it; the next one has a new session', async () => {
    const remote = await startRemote()
    const chat = fromColloquy({ baseUrl: remote.url, ...quick })
    const state = stateIn((await answerOf(chat)).chunks) ?? null
    const answer = reading(chat, 'gate b', { state })
    await answer.next()
    await remote.client.session((state as { session_id: string }).session_id).delete()
    const error = await drain(answer.next)
    expect(error).toMatchObject({ code: 'upstream_failed' })
    const next = await answerOf(chat, 'Hello', { state })
    expect(next.chunks[0]).toMatchObject({ name: 'session.renewed' })
  })
})

describe('a connection that breaks', () => {
  it('in the middle of a stream is taken up again: each piece comes once', async () => {
    const remote = await startRemote()
    const proxy = await startProxy(remote.port)
    const chat = fromColloquy({ baseUrl: proxy.url, ...quick })
    const answer = reading(chat, 'gate c')
    expect(await answer.next()).toMatchObject({ value: { text: 'before ' } })
    proxy.cut()
    const second = answer.next()
    await answerOf(fromColloquy({ baseUrl: remote.url }), 'open c')
    expect(await second).toMatchObject({ value: { text: 'after' } })
    expect(await drain(answer.next)).toBeUndefined()
    expect(await endedTurnsAt(remote)).toEqual(['completed', 'completed'])
  })

  it('for good fails the turn; asked again under its id, it is the same turn, and is answered once', async () => {
    const remote = await startRemote()
    const proxy = await startProxy(remote.port)
    const chat = fromColloquy({ baseUrl: proxy.url, ...quick, maxReconnects: 2 })
    const turnId = 'turn_again'
    const answer = reading(chat, 'gate d', { turnId })
    await answer.next()
    proxy.block(true)
    proxy.cut()
    const error = await drain(answer.next)
    expect(error).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringMatching(/after \d events/),
    })
    proxy.block(false)
    const again = answerOf(chat, 'gate d', { turnId }) // without a state: the turn has not completed
    await answerOf(fromColloquy({ baseUrl: remote.url }), 'open d')
    const { chunks } = await again
    expect(textIn(chunks)).toBe('before after')
    expect(await endedTurnsAt(remote)).toEqual(['completed', 'completed'])
    expect(sessionOf(chunks)).toMatch(/^sess_/)
  })

  it('before the first chunk is tried again by a withRetry around it, and the message is still answered once', async () => {
    const remote = await startRemote()
    const proxy = await startProxy(remote.port)
    const inner = fromColloquy({ baseUrl: proxy.url, maxRetries: 0, maxReconnects: 0 })
    const { logger, warnings } = keeping()
    const answer = answerOf(withRetry(inner, { delayMs: 0 }), 'late f', { logger })
    while (!(await turnsAt(remote)).includes('running'));
    proxy.cut()
    await answerOf(fromColloquy({ baseUrl: remote.url }), 'open f')
    const { chunks, error } = await answer
    expect(error).toBeUndefined()
    expect(textIn(chunks)).toBe('late')
    expect(await endedTurnsAt(remote)).toEqual(['completed', 'completed'])
    expect(warnings).toHaveLength(1)
  })

  it('by a restart of a server that keeps its sessions fails the turn, and the next one goes on in its session', async () => {
    const flags = ['--data-dir', await folder()]
    const before = await startRemote(flags)
    const chat = fromColloquy({ baseUrl: before.url, ...quick, maxReconnects: 10_000 })
    const state = stateIn((await answerOf(chat)).chunks) ?? null
    const answer = reading(chat, 'gate e', { state })
    await answer.next()
    await before.kill()
    const ended = drain(answer.next)
    await startRemote(flags, { port: before.port })
    expect(await ended).toMatchObject({
      code: 'upstream_failed',
      message: expect.stringContaining('interrupted'),
    })
    const { chunks, error } = await answerOf(chat, 'history', { state })
    expect(error).toBeUndefined()
    expect(textIn(chunks)).toBe('Hello|Hello |gate e|before ')
    expect(stateIn(chunks)).toEqual(state)
  })
})

describe('a turn that is stopped here', () => {
  it('is cancelled there, whether its chunk is waited for, it stands still, or its reader leaves', async () => {
    const remote = await startRemote()
    const { logger, warnings } = keeping()
    const chat = fromColloquy({ baseUrl: remote.url })

    const waiting = reading(chat, 'gate never', { logger })
    await waiting.next()
    const second = waiting.next().catch((error: unknown) => error)
    waiting.stop()
    expect(await second).toMatchObject({ message: 'stopped by the test' })

    const standing = reading(chat, 'endless', { logger })
    await standing.next()
    standing.stop()
    await standing.leave()

    const left = reading(chat, 'endless', { logger })
    await left.next()
    await left.leave()

    const leaving = reading(chat, 'gate never', { logger })
    await leaving.next()
    const last = leaving.next()
    await leaving.leave()
    expect(await last).toEqual({ done: true, value: undefined })

    expect(await endedTurnsAt(remote)).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled'])
    expect(warnings).toEqual([])
  })

  it('lets the next one of its session begin at once', async () => {
    const remote = await startRemote()
    const chat = fromColloquy({ baseUrl: remote.url })
    const state = stateIn((await answerOf(chat)).chunks) ?? null
    const answer = reading(chat, 'endless', { state })
    await answer.next()
    answer.stop()
    await answer.leave()
    expect(textIn((await answerOf(chat, 'Again', { state })).chunks)).toBe('Again ')
    expect(await endedTurnsAt(remote)).toEqual(['completed', 'cancelled', 'completed'])
  })

  it('and can not be cancelled there is warned about, and gives way to the next one', async () => {
    const remote = await startRemote()
    const proxy = await startProxy(remote.port)
    const { logger, warnings } = keeping()
    const chat = fromColloquy({ baseUrl: proxy.url, ...quick })
    const state = stateIn((await answerOf(chat)).chunks) ?? null
    const answer = reading(chat, 'gate never', { state, logger })
    await answer.next()
    proxy.block(true)
    proxy.cut()
    answer.stop()
    await answer.leave()
    expect(warnings).toEqual([{ code: 'network_error' }])
    proxy.block(false)
    expect(textIn((await answerOf(chat, 'Again', { state })).chunks)).toBe('Again ')
    expect(await endedTurnsAt(remote)).toEqual(['completed', 'cancelled', 'completed'])
  })

  it('before it was asked leaves nothing there', async () => {
    const remote = await startRemote()
    const chat = fromColloquy({ baseUrl: remote.url })
    const answer = reading(chat)
    answer.stop()
    await expect(answer.next()).rejects.toThrow('stopped by the test')
    expect(await remote.client.sessions.list()).toMatchObject({ data: [] })
  })

  it('by the chat interface that stops, is cancelled before that has stopped', async () => {
    const remote = await startRemote()
    const chat = fromColloquy({ baseUrl: remote.url })
    const answer = reading(chat, 'endless')
    await answer.next()
    await chat.stop?.()
    await chat.stop?.()
    expect(await endedTurnsAt(remote)).toEqual(['cancelled'])
  })
})

describe('a turn that does not complete there', () => {
  it('fails here by the code that it failed with there, and nothing that was said is in the error', async () => {
    const { url } = await startRemote()
    const chat = fromColloquy({ baseUrl: url })
    for (const [message, code, seconds] of [
      ['fail rate_limited', 'rate_limited', 7],
      ['fail not_ready', 'not_ready', 7],
      ['fail timeout', 'timeout', 7],
      ['fail upstream_failed', 'upstream_failed', 7],
      ['fail refused', 'upstream_failed', 7],
      ['break', 'upstream_failed', undefined],
    ] as const) {
      const { chunks, error } = await answerOf(chat, message)
      expect([message, isChatError(error) && [error.code, error.retryAfterSeconds]]).toEqual([
        message,
        [code, seconds],
      ])
      expect(textIn(chunks)).toBe(message === 'break' ? '' : 'so far')
      expect(toldBy(error)).not.toMatch(/diary|so far/)
    }
  })

  it('because somebody else cancelled it there has failed', async () => {
    const remote = await startRemote()
    const answer = reading(fromColloquy({ baseUrl: remote.url }), 'gate never')
    await answer.next()
    const [session] = (await remote.client.sessions.list()).data
    await remote.client.session(session?.session_id ?? '').turns.cancel(session?.active_turn_id ?? '')
    expect(await drain(answer.next)).toMatchObject({ code: 'upstream_failed' })
  })
})

describe('a start', () => {
  it('learns the functions, and the health is that of the server', async () => {
    const remote = await startRemote()
    const chat = fromColloquy({ baseUrl: remote.url, name: 'shop' })
    expect(chat.name).toBe('shop')
    expect(chat.functions).toEqual([])
    await chat.start?.()
    expect(chat.functions).toEqual([
      { name: 'find', description: 'Finds things.', parameters: { type: 'object' } },
    ])
    expect(await chat.health?.()).toEqual({ server: { status: 'healthy' } })
    await remote.kill()
    expect(await chat.health?.()).toEqual({ server: { status: 'unhealthy', detail: 'network_error' } })
    await expect(chat.start?.()).rejects.toMatchObject({
      code: 'upstream_failed',
      message: expect.stringMatching(/could not be reached.*ECONNREFUSED.*baseUrl/),
    })
  })

  it('needs a key that the server knows; neither key is ever told', async () => {
    const apiKey = 'colloquy_hunter2'
    const hash = createHash('sha256').update(apiKey).digest('hex')
    const remote = await startRemote([], { env: { COLLOQUY_API_KEYS: `web:${hash}` }, apiKey })
    const right = fromColloquy({ baseUrl: remote.url, apiKey })
    await right.start?.()
    expect(textIn((await answerOf(right)).chunks)).toBe('Hello ')
    const wrong = fromColloquy({ baseUrl: remote.url, apiKey: 'colloquy_wrong' })
    for (const thrown of [
      await Promise.resolve(wrong.start?.()).catch((error: unknown) => error),
      (await answerOf(wrong, 'my diary')).error,
    ]) {
      expect(thrown).toMatchObject({ code: 'refused', message: expect.stringContaining('"apiKey"') })
      expect(toldBy(thrown)).not.toMatch(/colloquy_wrong|hunter2|diary/)
    }
    expect(JSON.stringify(right)).not.toContain('hunter2')
  })
})

/** Reads to the end; returns what went wrong there. */
async function drain(next: () => Promise<IteratorResult<unknown>>): Promise<unknown> {
  try {
    while ((await next()).done !== true);
    return undefined
  } catch (error) {
    return error
  }
}

describe('many chunks', () => {
  it('come in their order to a reader that is slow', async () => {
    const { url } = await startRemote()
    let text = ''
    for await (const chunk of fromColloquy({ baseUrl: url }).reply('many', contextOf())) {
      if (typeof chunk !== 'string' && chunk.type === 'text') text += chunk.text
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(text).toBe(Array.from({ length: 500 }, (_, n) => `${n} `).join(''))
  })
})
