import type { FunctionDefinition, JsonObject, JsonValue, TurnEvent } from '@colloquy/session'
import { createManualClock } from '@colloquy/session/testing'
import { tool } from 'ai'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { modelOf } from './ask.fixture.js'
import { fromModel, type ModelOptions, type ModelTurn, toolsOf } from './index.js'
import { manage } from './run-turn.fixture.js'
import { modelServers } from './start-server.fixture.js'

const startServer = modelServers()

const types = (events: readonly TurnEvent[]) => events.map(({ type }) => type)

/** A counter that is kept as the session's state. */
const counting: ModelOptions['tools'] = (turn) => ({
  count: tool({
    inputSchema: z.object({}),
    execute: () => {
      const n = (typeof turn.state === 'number' ? turn.state : 0) + 1
      turn.setState(n)
      return { n }
    },
  }),
})

describe('turns of a session with a model', () => {
  it('are all in what the model is sent, with their calls', async () => {
    const calls = [{ id: 'c1', name: 'count' }]
    const server = await startServer([{ calls }, { text: 'One.' }, { text: 'Two.' }, { text: 'Three.' }])
    const { manager, say } = manage(fromModel(modelOf(server), { system: 'S', tools: counting }))
    const first = await say('a')
    const { sessionId } = first.at(-1) as Extract<TurnEvent, { type: 'turn.completed' }>
    await say('b', sessionId)
    await say('c', sessionId)
    expect(server.requests.at(-1)?.body.messages).toMatchObject([
      { role: 'system', content: 'S' },
      { role: 'user', content: 'a' },
      { role: 'assistant', tool_calls: [{ id: 'c1', function: { name: 'count', arguments: '{}' } }] },
      { role: 'tool', tool_call_id: 'c1', content: '{"n":1}' },
      { role: 'assistant', content: 'One.' },
      { role: 'user', content: 'b' },
      { role: 'assistant', content: 'Two.' },
      { role: 'user', content: 'c' },
    ])
    await manager.close()
  })

  it('have events of calls and results, and one usage for all their steps', async () => {
    const server = await startServer([
      { calls: [{ id: 'c1', name: 'count' }], usage: { inputTokens: 10, outputTokens: 1 } },
      { text: 'One.', usage: { inputTokens: 20, outputTokens: 2 } },
    ])
    const { manager, say } = manage(fromModel(modelOf(server), { tools: counting }))
    const events = await say('a')
    expect(types(events)).toEqual([
      'turn.started',
      'function.called',
      'function.returned',
      'text.delta',
      'turn.completed',
    ])
    expect(events.at(-1)).toMatchObject({
      content: 'One.',
      finishReason: 'stop',
      usage: { inputTokens: 30, outputTokens: 3 },
      functionsCalled: [{ callId: 'c1', name: 'count', arguments: {}, result: { n: 1 } }],
    })
    await manager.close()
  })

  it('keep a state that functions read and set, within a turn and for later ones', async () => {
    const twice = { calls: [{ name: 'count' }, { name: 'count' }] }
    const server = await startServer([twice, { text: '.' }, { calls: [{ name: 'count' }] }, { text: '.' }])
    const { manager, say } = manage(fromModel(modelOf(server), { tools: counting }))
    const results = (events: readonly TurnEvent[]) =>
      events.flatMap((event) =>
        event.type === 'function.returned' && 'result' in event ? [event.result] : [],
      )
    const first = await say('a')
    expect(results(first)).toEqual([{ n: 1 }, { n: 2 }])
    const { sessionId } = first.at(-1) as Extract<TurnEvent, { type: 'turn.completed' }>
    expect(results(await say('b', sessionId))).toEqual([{ n: 3 }])
    await manager.close()
  })

  it('leave the state as it was when they fail', async () => {
    const count = { calls: [{ name: 'count' }] }
    const server = await startServer([count, { failure: 'server_error' }, count, { text: '.' }])
    const { manager, say } = manage(fromModel(modelOf(server), { tools: counting }))
    const session = await manager.sessions.create()
    expect((await say('a', session.sessionId)).at(-1)).toMatchObject({ type: 'turn.failed' })
    const events = await say('b', session.sessionId)
    expect(events).toContainEqual(expect.objectContaining({ type: 'function.returned', result: { n: 1 } }))
    await manager.close()
  })

  it('that are cancelled close the request and keep the text so far', async () => {
    const server = await startServer({ text: ['So far'], breaks: 'hang' })
    const { manager } = manage(fromModel(modelOf(server)))
    const turn = await manager.startTurn({ message: 'x' })
    const request = await server.request(0)
    const events: TurnEvent[] = []
    for await (const event of turn.events()) {
      events.push(event)
      if (event.type === 'text.delta') await manager.cancelTurn(turn)
    }
    expect(events.at(-1)).toMatchObject({ type: 'turn.cancelled', content: 'So far' })
    expect(await request.closed).toMatchObject({ isWhole: false })
    await manager.close()
  })

  it('that get no answer in time fail, and close the request', async () => {
    const server = await startServer('silence')
    const clock = createManualClock()
    const { manager } = manage(fromModel(modelOf(server)), { clock })
    const turn = await manager.startTurn({ message: 'x' })
    const request = await server.request(0)
    await clock.advance(manager.limits.firstChunkTimeoutMs)
    const events: TurnEvent[] = []
    for await (const event of turn.events()) events.push(event)
    expect(events.at(-1)).toMatchObject({ type: 'turn.failed', code: 'chat_timeout' })
    expect(await request.closed).toMatchObject({ isWhole: false })
    await manager.close()
  })

  it('are interrupted by a close, which closes the request', async () => {
    const server = await startServer('silence')
    const { manager } = manage(fromModel(modelOf(server)))
    await manager.startTurn({ message: 'x' })
    const request = await server.request(0)
    await manager.close()
    expect(await request.closed).toMatchObject({ isWhole: false })
  })

  it('tell readers that the history was trimmed', async () => {
    const server = await startServer({ text: 'ok' })
    const { manager, say } = manage(fromModel(modelOf(server), { historyMessages: 2 }))
    const { sessionId } = await manager.sessions.create()
    for (const message of ['a', 'b']) await say(message, sessionId)
    expect(await say('c', sessionId)).toContainEqual(
      expect.objectContaining({
        type: 'data',
        name: 'history.trimmed',
        data: { dropped_messages: 2, kept_messages: 2, kept_tokens: 10 },
      }),
    )
    await manager.close()
  })

  it('do not mix when many of them run at once', async () => {
    const server = await startServer()
    const { manager, say } = manage(fromModel(modelOf(server)))
    const all = await Promise.all(Array.from({ length: 30 }, (_, n) => say(`message ${n}`)))
    expect(all.map((events) => events.at(-1))).toMatchObject(
      Array.from({ length: 30 }, (_, n) => ({ type: 'turn.completed', content: `You said: message ${n}` })),
    )
    await manager.close()
  })
})

describe('functions that are given the state, and return it', () => {
  const order: FunctionDefinition = {
    name: 'order',
    description: 'Orders something.',
    parameters: { type: 'object', properties: { what: { type: 'string' } }, required: ['what'] },
  }

  /** A shop that keeps nothing itself, and refuses with a sentence. */
  const shop = {
    functions: [order],
    call(_name: string, { what = null }: JsonObject, state: JsonValue): ShopOutcome {
      const orders: readonly JsonValue[] = Array.isArray(state) ? state : []
      return orders.includes(what)
        ? { state: orders, error: `There is an order for ${JSON.stringify(what)}.` }
        : { state: [...orders, what], result: { ordered: what } }
    },
  }
  type ShopOutcome = { readonly state: JsonValue } & (
    | { readonly result: JsonValue }
    | { readonly error: string }
  )

  const tools = (turn: ModelTurn) =>
    toolsOf(shop.functions, (name, args) => {
      const { state, ...outcome } = shop.call(name, args as JsonObject, turn.state)
      turn.setState(state)
      return outcome
    })

  it('can be given to a model', async () => {
    const lamp = { name: 'order', arguments: { what: 'lamp' } }
    const server = await startServer([{ calls: [lamp] }, { calls: [lamp] }, { text: 'Done.' }])
    const { manager, say } = manage(fromModel(modelOf(server), { tools, functions: shop.functions }))
    const events = await say('A lamp, please')
    expect(events.at(-1)).toMatchObject({
      type: 'turn.completed',
      functionsCalled: [
        { name: 'order', arguments: { what: 'lamp' }, result: { ordered: 'lamp' } },
        { name: 'order', arguments: { what: 'lamp' }, error: 'There is an order for "lamp".' },
      ],
    })
    expect(server.requests[0]?.body.tools).toMatchObject([
      { function: { name: 'order', description: 'Orders something.', parameters: order.parameters } },
    ])
    await manager.close()
  })

  it('may take their time, and throw', async () => {
    const [slow, fails] = ['slow', 'fails'].map((name) => ({ ...order, name }))
    const functions = [slow, fails].filter((each) => each !== undefined)
    const call = async (name: string, args: JsonValue) => {
      await new Promise(setImmediate)
      if (name === 'fails') throw new Error('It broke.')
      return { result: { name, args } }
    }
    const calls = [{ name: 'slow', arguments: { what: 1 } }, { name: 'fails' }]
    const server = await startServer([{ calls }, { text: 'Done.' }])
    const { manager, say } = manage(
      fromModel(modelOf(server), { tools: await toolsOf(functions, call, process.cwd()) }),
    )
    await manager.start()
    expect(manager.chat.functions).toEqual(functions)
    const end = (await say('x')).at(-1) as Extract<TurnEvent, { type: 'turn.completed' }>
    expect(end.functionsCalled).toMatchObject([
      { name: 'slow', result: { name: 'slow', args: { what: 1 } } },
      { name: 'fails', error: 'It broke.' },
    ])
    await manager.close()
  })
})
