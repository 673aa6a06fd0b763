import { describe, expect, it } from 'vitest'
import {
  answerOf,
  chunksOf,
  contextOf,
  inSession,
  keepingLogger,
  recallOf,
  replyOf,
  script,
  startedChat,
  textOf,
} from './talk.fixture.js'

const option = (kind: string) => ({ optionId: `id-${kind}`, name: kind, kind })
const every = ['allow_always', 'allow_once', 'reject_always', 'reject_once'].map(option)
const ask = (toolCall: object, options: readonly object[] = every) => ({
  ask: 'session/request_permission',
  params: { toolCall: { toolCallId: 'c', ...toolCall }, options },
})
const selected = (kind: string) =>
  JSON.stringify({ outcome: { outcome: 'selected', optionId: `id-${kind}` } })

describe('a permission that an agent asks for', () => {
  it('is denied when nothing is said about it, and the client is told', async () => {
    const chat = await startedChat()
    const chunks = await answerOf(chat, [ask({ kind: 'read', title: 'Read it' })])
    expect(chunks).toEqual([
      {
        type: 'data',
        name: 'permission',
        data: { call_id: 'c', kind: 'read', title: 'Read it', decision: 'denied' },
      },
      { type: 'text', text: selected('reject_once') },
    ])
  })

  it.each<[string, readonly string[], object, string]>([
    ['its kind, whatever its name', ['read'], { kind: 'read', name: 'peek' }, 'allow_once'],
    ['its name, whatever its kind', ['web_search'], { kind: 'fetch', name: 'web_search' }, 'allow_once'],
    ['no other kind', ['read'], { kind: 'edit' }, 'reject_once'],
    ['no name that is like a kind', ['read'], { kind: 'execute', name: 'read' }, 'reject_once'],
    ['no title', ['Read it', 'web_search'], { kind: 'read', title: 'web_search' }, 'reject_once'],
    ['no name in other letters', ['Web_Search', 'web'], { kind: 'fetch', name: 'web_search' }, 'reject_once'],
    ['no kind in other letters', ['Read'], { kind: 'read' }, 'reject_once'],
    ['what says nothing of itself as the kind other', ['other'], {}, 'allow_once'],
    ['no kind that is not of the protocol', ['everything'], { kind: 'everything' }, 'reject_once'],
    ['nothing that objects have anyway', ['toString', 'constructor'], { kind: 'edit' }, 'reject_once'],
  ])('is allowed by %s', async (_what, allow, toolCall, outcome) => {
    const chat = await startedChat({}, { permissions: { allow } })
    expect(textOf(await answerOf(chat, [ask(toolCall)]))).toBe(selected(outcome))
  })

  it('is about the call that was told of before, by its id', async () => {
    const chat = await startedChat({}, { permissions: { allow: ['look_up'] } })
    const told = { sessionUpdate: 'tool_call', toolCallId: 'c', title: 't', kind: 'search', name: 'look_up' }
    expect(textOf(await answerOf(chat, [{ update: told }, ask({})]))).toBe(selected('allow_once'))
    expect(textOf(await answerOf(chat, [ask({})]))).toBe(selected('reject_once')) // another turn
  })

  it('is about what the call has become, where the agent has changed that', async () => {
    const chat = await startedChat({}, { permissions: { allow: ['read', 'look_up'] } })
    const told = { sessionUpdate: 'tool_call', toolCallId: 'c', title: 't', kind: 'read', name: 'look_up' }
    const changed = { sessionUpdate: 'tool_call_update', toolCallId: 'c', kind: 'execute', name: 'run' }
    expect(textOf(await answerOf(chat, [{ update: told }, { update: changed }, ask({})]))).toBe(
      selected('reject_once'),
    )
  })

  it('is given for once only', async () => {
    const chat = await startedChat({}, { permissions: { allow: ['read'] } })
    const always = [option('allow_always'), option('reject_once')]
    expect(textOf(await answerOf(chat, [ask({ kind: 'read' }, always)]))).toBe(selected('reject_once'))
  })

  it('is denied with whatever the agent has for that', async () => {
    const chat = await startedChat()
    const answer = async (...kinds: string[]) => textOf(await answerOf(chat, [ask({}, kinds.map(option))]))
    expect(await answer('allow_once', 'reject_always')).toBe(selected('reject_always'))
    expect(await answer('allow_once')).toBe('{"outcome":{"outcome":"cancelled"}}')
    expect(await answer()).toBe('{"outcome":{"outcome":"cancelled"}}')
  })

  it('is answered with cancelled when the turn was cancelled', async () => {
    const chat = await startedChat({}, { permissions: { allow: ['read'] } })
    const stop = new AbortController()
    const steps = script({ say: 'begun' }, { whenCancelled: 'too late' })
    const reply = chat.reply(steps, contextOf({ signal: stop.signal }))[Symbol.asyncIterator]()
    await reply.next()
    await reply.next()
    const rest = reply.next()
    stop.abort()
    expect(await rest).toEqual({ done: true, value: undefined })
    expect((await recallOf(chat)).later).toBe('{"outcome":{"outcome":"cancelled"}}')
  })

  it('is answered with cancelled when there is no turn, or no such session', async () => {
    const chat = await startedChat({}, { permissions: { allow: ['read'] } })
    await chunksOf(chat, script({ ...ask({ kind: 'read' }), later: true }))
    const late = await answerOf(chat, [{ doLater: true }], inSession('another'))
    expect(textOf(late)).toBe('{"outcome":{"outcome":"cancelled"}}')
    const elsewhere = ask({ kind: 'read' })
    const params = { ...elsewhere.params, sessionId: 'of somebody else' }
    expect(textOf(await answerOf(chat, [{ ...elsewhere, params }]))).toBe(
      '{"outcome":{"outcome":"cancelled"}}',
    )
  })

  it('is answered with cancelled when the agent has answered, however slowly that is read', async () => {
    const chat = await startedChat({}, { permissions: { allow: ['read'] } })
    const slow = replyOf(chat, [{ ...ask({ kind: 'read' }), later: true }, { say: 'all' }])
    await slow.next()
    const late = await answerOf(chat, [{ doLater: true }], inSession('another'))
    expect(textOf(late)).toBe('{"outcome":{"outcome":"cancelled"}}')
    expect(await slow.next()).toMatchObject({ value: { text: 'all' } })
  })

  it('is told in the log without what it is about', async () => {
    const { logger, lines } = keepingLogger()
    const chat = await startedChat()
    await chunksOf(
      chat,
      script(ask({ kind: 'read', title: 'secret', rawInput: { path: 'secret' } })),
      contextOf({ logger }),
    )
    expect(lines).toEqual(['info the agent asked for permission {"kind":"read","decision":"denied"}'])
  })
})

describe('a request that is none of the protocol', () => {
  it('is refused, and changes nothing', async () => {
    const chat = await startedChat()
    const answer = textOf(
      await answerOf(chat, [
        { ask: 'elicitation/create', params: { mode: 'form', message: 'Who are you?', requestedSchema: {} } },
        { ask: 'made/up', params: {} },
        { ask: 'session/request_permission', params: { options: 'none' } },
        { say: 'still here' },
      ]),
    )
    expect(answer).toMatch(/^error -32601.*error -32601.*error -32602.*still here$/s)
  })
})
