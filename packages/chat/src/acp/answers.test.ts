import { describe, expect, it } from 'vitest'
import { answerOf, chunksOf, inSession, script, startedChat, stateOf, textOf } from './talk.fixture.js'

const text = (value: string) => ({ type: 'text', text: value })

describe('the answer of an agent', () => {
  it('is its text, with the id of its session as the state, and why it ended', async () => {
    const chat = await startedChat()
    expect(chat.name).toBe('scripted')
    const chunks = await chunksOf(chat, 'Hello')
    expect(textOf(chunks)).toBe('You said: Hello')
    expect(stateOf(chunks)).toEqual({ session_id: expect.stringMatching(/^s\d+-1$/) as string })
    expect(chunks.at(-1)).toEqual({ type: 'finish', reason: 'stop' })
  })

  it('says the state only when it is another one', async () => {
    const chat = await startedChat()
    const state = stateOf(await chunksOf(chat, 'Hello'))
    const again = await chunksOf(chat, 'Hello', inSession('sess_1', { state }))
    expect(again.map(({ type }) => type)).toEqual(['text', 'finish'])
  })

  it('keeps its characters, whatever they are and wherever they are cut', async () => {
    const chat = await startedChat()
    const strange = 'é🪑\u2028\n"\\\u0000 \u{1F469}\u200D\u{1F680}'
    const steps = Array.from(strange, (say) => ({ say }))
    expect(textOf(await chunksOf(chat, script(...steps)))).toBe(strange)
    expect(textOf(await chunksOf(chat, strange))).toBe(`You said: ${strange}`)
  })

  it.each([
    ['end_turn', 'stop'],
    ['max_tokens', 'length'],
    ['refusal', 'content_filter'],
    ['max_turn_requests', 'other'],
    ['cancelled', 'other'],
    ['who_knows', 'other'],
  ])('that ends with %s ends with %s', async (stop, reason) => {
    const chat = await startedChat()
    const chunks = await chunksOf(chat, script({ say: 'so far' }, { stop }))
    expect(chunks.slice(-2)).toEqual([text('so far'), { type: 'finish', reason }])
  })

  it('has what it has cost, where the agent tells it, and only where those are counts', async () => {
    const chat = await startedChat()
    const usageOf = async (usage: object) =>
      (await chunksOf(chat, script({ stop: 'end_turn', usage }))).filter(({ type }) => type === 'usage')
    expect(await usageOf({ totalTokens: 5, inputTokens: 3, outputTokens: 2 })).toEqual([
      { type: 'usage', inputTokens: 3, outputTokens: 2 },
    ])
    expect(await usageOf({ inputTokens: -1, outputTokens: 0.5 })).toEqual([])
    expect(await usageOf({ inputTokens: 'many' })).toEqual([])
  })

  it('has thoughts, plans, other content and how full the context is as data', async () => {
    const chat = await startedChat()
    const thought = (content: object) => ({ update: { sessionUpdate: 'agent_thought_chunk', content } })
    const link = { type: 'resource_link', name: 'a page', uri: 'https://example.com/' }
    const entries = [{ content: 'look', priority: 'high', status: 'pending' }]
    const chunks = await answerOf(chat, [
      thought({ type: 'text', text: 'hmm' }),
      thought(link),
      { update: { sessionUpdate: 'plan', entries } },
      { update: { sessionUpdate: 'agent_message_chunk', content: link } },
      { update: { sessionUpdate: 'usage_update', used: 10, size: 100 } },
    ])
    expect(chunks).toEqual([
      { type: 'data', name: 'reasoning', data: { text: 'hmm' } },
      { type: 'data', name: 'reasoning', data: { content: link } },
      { type: 'data', name: 'plan', data: { entries } },
      { type: 'data', name: 'content', data: link },
      { type: 'data', name: 'context', data: { used: 10, size: 100, cost: null } },
    ])
  })

  it('leaves out the payload of content that is too large to be passed on, and says so', async () => {
    const chat = await startedChat()
    const content = { type: 'image', mimeType: 'image/png', data: 'A'.repeat(1_000_000) }
    const chunks = await answerOf(chat, [{ update: { sessionUpdate: 'agent_message_chunk', content } }])
    const omitted = JSON.stringify(content).length
    expect(chunks).toEqual([
      {
        type: 'data',
        name: 'content',
        data: { type: 'image', mimeType: 'image/png', omitted_characters: omitted },
      },
    ])
  })

  it('leaves out what is for an editor, unknown, or no update at all', async () => {
    const chat = await startedChat()
    const chunks = await answerOf(chat, [
      { update: { sessionUpdate: 'user_message_chunk', content: { type: 'text', text: 'you' } } },
      { update: { sessionUpdate: 'available_commands_update', availableCommands: [] } },
      { update: { sessionUpdate: 'current_mode_update', currentModeId: 'ask' } },
      { update: { sessionUpdate: 'session_info_update', title: 'A chair' } },
      { update: { sessionUpdate: 'made_up', anything: 1 } },
      { update: {} },
      { say: 'after' },
    ])
    expect(chunks).toEqual([text('after')])
  })

  it('holds all of ten thousand pieces, in their order, also for a slow reader', async () => {
    const chat = await startedChat()
    const steps = Array.from({ length: 10_000 }, (_, n) => ({ say: `${n},` }))
    const reply = chat.reply(script(...steps), inSession('slow'))[Symbol.asyncIterator]()
    let answer = ''
    for (let step = await reply.next(); step.done !== true; step = await reply.next()) {
      if (typeof step.value !== 'string' && step.value.type === 'text') answer += step.value.text
      for (let n = 0; n < 20; n += 1) await new Promise((resolve) => setImmediate(resolve))
    }
    expect(answer).toBe(steps.map(({ say }) => say).join(''))
  })
})

describe('a tool call of an agent', () => {
  const call = (update: object) => ({ update: { sessionUpdate: 'tool_call', ...update } })
  const more = (update: object) => ({ update: { sessionUpdate: 'tool_call_update', ...update } })
  const output = (value: string) => [{ type: 'content', content: { type: 'text', text: value } }]

  it('is a function call with its progress and one result', async () => {
    const chat = await startedChat()
    const chunks = await answerOf(chat, [
      call({
        toolCallId: 'c1',
        title: 'Reading chair.md',
        kind: 'read',
        rawInput: { path: 'chair.md' },
        status: 'pending',
      }),
      more({ toolCallId: 'c1', status: 'in_progress' }),
      more({ toolCallId: 'c1', status: 'in_progress', content: output('half') }),
      more({ toolCallId: 'c1', status: 'completed', content: output('a chair') }),
      more({ toolCallId: 'c1', status: 'completed' }),
      more({ toolCallId: 'c1', status: 'failed' }),
    ])
    const progress = { type: 'data', name: 'function.progress' }
    expect(chunks).toEqual([
      { type: 'functionCall', callId: 'c1', name: 'read', arguments: { path: 'chair.md' } },
      {
        ...progress,
        data: { call_id: 'c1', title: 'Reading chair.md', kind: 'read', status: 'pending' },
      },
      { ...progress, data: { call_id: 'c1', status: 'in_progress' } },
      { type: 'functionResult', callId: 'c1', name: 'read', result: 'a chair' },
    ])
  })

  it.each<[string, object, object]>([
    ['its raw output', { status: 'completed', rawOutput: { rows: 2 } }, { result: { rows: 2 } }],
    ['text', { status: 'completed', rawOutput: 'done' }, { result: 'done' }],
    ['nothing', { status: 'completed' }, { result: null }],
    [
      'changed files',
      { status: 'completed', content: [{ type: 'diff', path: '/a', newText: 'x' }] },
      { result: { changed: ['/a'] } },
    ],
    ['an error', { status: 'failed', content: output('no such file') }, { error: 'no such file' }],
    ['an error as data', { status: 'failed', rawOutput: { code: 7 } }, { error: '{"code":7}' }],
    [
      'an error without a reason',
      { status: 'failed' },
      { error: expect.stringContaining('does not say') as string },
    ],
  ])('may lead to %s', async (_what, update, expected) => {
    const chat = await startedChat()
    const chunks = await answerOf(chat, [call({ toolCallId: 'c', title: 't', name: 'look_up', ...update })])
    expect(chunks.at(-1)).toEqual({ type: 'functionResult', callId: 'c', name: 'look_up', ...expected })
  })

  it('is one also where the agent only ever sends updates, and where it tells the arguments late', async () => {
    const chat = await startedChat()
    const chunks = await answerOf(chat, [
      more({ toolCallId: 'c', kind: 'execute' }),
      call({ toolCallId: 'c', title: 'ls', rawInput: { command: 'ls' } }),
      more({ toolCallId: 'c', status: 'completed', rawOutput: 'a b' }),
    ])
    expect(chunks).toEqual([
      { type: 'functionCall', callId: 'c', name: 'execute', arguments: {} },
      { type: 'data', name: 'function.progress', data: { call_id: 'c', kind: 'execute' } },
      {
        type: 'data',
        name: 'function.progress',
        data: { call_id: 'c', title: 'ls', arguments: { command: 'ls' } },
      },
      { type: 'functionResult', callId: 'c', name: 'execute', result: 'a b' },
    ])
  })

  it('has an id of its own in its turn, also where the agent uses one again', async () => {
    const chat = await startedChat()
    const long = 'x'.repeat(1_000)
    const begun = [long, long, `${long}y`, 'a#2', 'a', 'a', 'a', 'a#2'].map((toolCallId) =>
      call({ toolCallId, title: 't', status: 'completed' }),
    )
    const ids = (await answerOf(chat, begun)).flatMap((chunk) =>
      chunk.type === 'functionCall' ? [chunk.callId] : [],
    )
    expect(ids).toEqual([
      long.slice(0, 128),
      `${long.slice(0, 128)}#2`,
      `${long.slice(0, 128)}#3`,
      'a#2',
      'a',
      'a#3',
      'a#4',
      'a#2#2',
    ])
  })

  it('is cut where it is too large to be passed on: text with a note, data with its size', async () => {
    const chat = await startedChat()
    const huge = '🪑'.repeat(100_000)
    const chunks = await answerOf(chat, [
      call({ toolCallId: 'a', title: 't', rawInput: { huge }, status: 'completed', content: output(huge) }),
      call({ toolCallId: 'b', title: 't', status: 'completed', rawOutput: { huge } }),
    ])
    const size = JSON.stringify({ huge }).length
    expect(chunks.filter(({ type }) => type !== 'data')).toEqual([
      { type: 'functionCall', callId: 'a', name: 'other', arguments: { omitted_characters: size } },
      {
        type: 'functionResult',
        callId: 'a',
        name: 'other',
        result: `${'🪑'.repeat(8_192)}\n[${200_000 - 16_384} more characters]`,
      },
      { type: 'functionCall', callId: 'b', name: 'other', arguments: {} },
      { type: 'functionResult', callId: 'b', name: 'other', result: { omitted_characters: size } },
    ])
  })
})
