import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, bot, contextOf, recording, started, textOf } from './bot.fixture.js'
import { fromProcess, type ProcessOptions } from './index.js'

/** A bot that answers with the line that it was sent. */
const parrot = `on.turn = (turn) => { say('data', { turn_id: turn.turn_id, name: 'heard', data: turn }); end(turn.turn_id) }`

describe('a program that answers', () => {
  it('is told what there is to know about a turn', async () => {
    const chat = await started(parrot)
    const trace = { traceparent: '00-1-2-01', tracestate: 'a=b' }
    const [heard] = await ask(chat, 'Hello 🪑\n"you"', {
      turnId: 'turn_x',
      session: { id: 'sess_x', metadata: { shop: 'é' } } as never,
      state: { asked: [1, null] },
      trace,
      history: [
        { role: 'user', content: '' },
        {
          role: 'assistant',
          content: 'yes',
          functionsCalled: [
            { callId: 'c1', name: 'find', arguments: { a: 1 }, result: null },
            { callId: 'c2', name: 'find', arguments: [], error: 'gone' },
            { callId: 'c3', name: 'find', arguments: 'x' },
          ],
        },
      ],
    })
    const data = {
      type: 'turn',
      turn_id: 'turn_x',
      message: 'Hello 🪑\n"you"',
      state: { asked: [1, null] },
      session: { id: 'sess_x', metadata: { shop: 'é' } },
      history: [
        { role: 'user', content: '' },
        {
          role: 'assistant',
          content: 'yes',
          functions_called: [
            { call_id: 'c1', name: 'find', arguments: { a: 1 }, result: null },
            { call_id: 'c2', name: 'find', arguments: [], error: 'gone' },
            { call_id: 'c3', name: 'find', arguments: 'x' },
          ],
        },
      ],
      trace,
    }
    expect(heard).toEqual({ type: 'data', name: 'heard', data })
  })

  it('is told the fields in the order that the protocol promises', async () => {
    const chat = await started(
      'on.turn = (turn) => { text(turn.turn_id, Object.keys(turn).join()); end(turn.turn_id) }',
    )
    expect(await textOf(ask(chat, ''))).toBe('type,turn_id,message,state,session,history')
    const trace = { traceparent: '00-1-2-01' }
    expect(await textOf(ask(chat, '', { trace }))).toBe('type,turn_id,message,state,session,history,trace')
  })

  it('can say everything that a chat interface can', async () => {
    const chat = await started(`on.turn = ({ turn_id }) => {
      text(turn_id, 'a'); text(turn_id, '')
      say('function_call', { turn_id, call_id: 'c1', name: 'f', arguments: { x: [null] } })
      say('function_result', { turn_id, call_id: 'c1', name: 'f', result: null })
      say('function_call', { turn_id, call_id: 'c2', name: 'f', arguments: null })
      say('function_result', { turn_id, call_id: 'c2', name: 'f', error: 'no', result: null })
      say('data', { turn_id, name: 'n', data: false })
      say('state', { turn_id, state: null })
      say('usage', { turn_id, input_tokens: 0, output_tokens: 7, cached: 1 })
      say('end', { turn_id, finish_reason: 'length' })
      text(turn_id, 'too late'); end(turn_id)
    }`)
    expect(await ask(chat, '')).toEqual([
      { type: 'text', text: 'a' },
      { type: 'text', text: '' },
      { type: 'functionCall', callId: 'c1', name: 'f', arguments: { x: [null] } },
      { type: 'functionResult', callId: 'c1', name: 'f', result: null },
      { type: 'functionCall', callId: 'c2', name: 'f', arguments: null },
      { type: 'functionResult', callId: 'c2', name: 'f', error: 'no' },
      { type: 'data', name: 'n', data: false },
      { type: 'state', state: null },
      { type: 'usage', inputTokens: 0, outputTokens: 7 },
      { type: 'finish', reason: 'length' },
    ])
    expect(await ask(chat, '')).toHaveLength(10)
  })

  it('has a default name until it tells its own, and when it never does; its errors have that one', async () => {
    const named = fromProcess({
      ...bot("on.start = () => say('ready', { name: 'finder' })"),
      defaultName: 'a bot',
    })
    onTestFinished(() => named.stop?.())
    expect(named.name).toBe('a bot')
    await named.start?.()
    expect(named.name).toBe('finder')
    const nameless = await started("on.start = () => say('ready')", { defaultName: 'a bot' })
    expect(nameless.name).toBe('a bot')
    await nameless.stop?.()
    await expect(ask(nameless, '')).rejects.toThrow('The program "a bot" was stopped.')
  })

  it('tells its name and its functions when it is ready; an option names it otherwise', async () => {
    const functions = [{ name: 'find', description: 'Finds.', parameters: { type: 'object' } }]
    const program = `on.start = () => say('ready', { name: 'finder', functions: ${JSON.stringify(functions)} })`
    const chat = fromProcess(bot(program))
    expect([chat.name, chat.functions]).toEqual(['node', []])
    const running = await started(program)
    expect([running.name, running.functions]).toEqual(['finder', functions])
    expect((await started(program, { name: 'mine' })).name).toBe('mine')
    expect((await started(program, { name: 'mine', defaultName: 'a bot' })).name).toBe('mine')
  })

  it('has the arguments, the folder and the environment that it was given', async () => {
    const program = `on.turn = ({ turn_id }) => { text(turn_id, [process.cwd(), Object.keys(process.env), process.argv[1]].join(' ')); end(turn_id) }`
    const { args = [] } = bot(program)
    const chat = await started(program, { args: [...args, 'x y'], cwd: '/', env: { WHO: 'me' } })
    expect(await textOf(ask(chat, ''))).toBe('/ WHO x y')
  })
})

describe('many turns at once', () => {
  it('are told apart: each of a hundred has its own answer, in its order', async () => {
    const chat = await started(`on.turn = async ({ turn_id, message }) => {
      for (let n = 0; n < 20; n += 1) { text(turn_id, message + n + ' '); await new Promise(setImmediate) }
      end(turn_id)
    }`)
    const numbers = Array.from({ length: 20 }, (_, n) => n)
    const messages = Array.from({ length: 100 }, (_, n) => `m${n}-`)
    const answers = await Promise.all(messages.map((message) => textOf(ask(chat, message))))
    expect(answers).toEqual(messages.map((message) => numbers.map((n) => `${message}${n} `).join('')))
  })

  it('are shared by the processes of a pool, each to the one with the fewest', async () => {
    const chat = await started(
      `const held = []
      on.turn = ({ turn_id, message }) => {
        text(turn_id, String(process.pid))
        if (message === 'hold') held.push(turn_id); else end(turn_id)
      }
      on.cancel = () => {}`,
      { processes: 4, cancelGraceMs: 0 },
    )
    const contexts = Array.from({ length: 9 }, () => contextOf())
    const replies = contexts.map((context) => chat.reply('hold', context)[Symbol.asyncIterator]())
    const firsts = await Promise.all(replies.map((reply) => reply.next()))
    const pids = firsts.map(({ value }) => JSON.stringify(value))
    const counts = [...new Set(pids)].map((pid) => pids.filter((other) => other === pid).length)
    expect(counts.toSorted((a, b) => a - b)).toEqual([2, 2, 2, 3])
    await Promise.all(replies.map(async (reply) => reply.return?.()))
  })

  it('may not be one and the same', async () => {
    const chat = await started('on.turn = ({ turn_id }) => text(turn_id, "x")')
    const [first, second] = ['', ''].map((message) =>
      chat.reply(message, contextOf({ turnId: 'turn_twice' }))[Symbol.asyncIterator](),
    )
    await first?.next()
    await expect(second?.next()).rejects.toThrow('The turn turn_twice runs already.')
    await first?.return?.()
  })
})

describe('lines', () => {
  it('may come in any pieces, also of a character', async () => {
    const chat = await started(`on.turn = async ({ turn_id }) => {
      const line = Buffer.from(JSON.stringify({ type: 'text', turn_id, text: 'a🪑é' }) + '\\r\\n')
      for (const byte of line) { write(Buffer.from([byte])); await new Promise(setImmediate) }
      write('\\n  \\n'); end(turn_id)
    }`)
    expect(await textOf(ask(chat, ''))).toBe('a🪑é')
  })

  it('of the server hold nothing that any program takes for their end', async () => {
    const chat = await started('on.turn = ({ turn_id, message }) => { text(turn_id, message); end(turn_id) }')
    const message = 'a\u2028b\u2029c\u0085d\r\n\v\f\u001e'
    expect(await textOf(ask(chat, message))).toBe(message)
    const cat =
      "on.start = () => { say('ready'); process.stdin.on('data', (bytes) => console.error(String(bytes))) }"
    const { logger, has } = recording()
    const raw = await started(cat, { logger })
    expect(await textOf(ask(raw, 'a\u2028b\u2029c\u0085d\n'))).toContain('You said')
    expect((await has('the program wrote to its stderr')).fields['line']).toContain(
      'a\\u2028b\\u2029c\\u0085d\\n',
    )
  })

  it('may be as long as they need to be, from the server', async () => {
    const chat = await started(
      'on.turn = ({ turn_id, message }) => { text(turn_id, String(message.length)); end(turn_id) }',
    )
    const lengths = [3_000_000, 10, 2_000_000]
    const answers = lengths.map((length) => textOf(ask(chat, 'é'.repeat(length))))
    expect(await Promise.all(answers)).toEqual(lengths.map(String))
  })
})

it.each([
  ['processes', 0],
  ['processes', 1.5],
  ['maxLineLength', Number.NaN],
  ['startTimeoutMs', -1],
  ['cancelGraceMs', Number.NaN],
  ['minRestartMs', '100'],
  ['args', 'bot.py'],
  ['args', [1]],
  ['cwd', ''],
  ['env', { KEY: 1 }],
  ['env', null],
  ['name', 7],
  ['defaultName', ''],
])('an option that can not be is refused: %s of %j', (name, value) => {
  const given: object = { command: 'x', [name]: value }
  expect(() => fromProcess(given as ProcessOptions)).toThrow(
    new RegExp(`^fromProcess\\(\\): ${name} has to be`),
  )
})

it.each([{}, { command: '' }, { command: ['x'] }])('the program has to be named: %j', (options: object) => {
  expect(() => fromProcess(options as ProcessOptions)).toThrow(
    'fromProcess(): command has to be the program to run, a text that is not empty.',
  )
})

it('options have to be there', () => {
  expect(() => fromProcess(undefined as never)).toThrow(
    'fromProcess() takes an object of options; got undefined.',
  )
})

it('a reply before the start is not ready, and does not wait', async () => {
  const chat = fromProcess(bot())
  await expect(ask(chat, '')).rejects.toMatchObject({ name: 'ChatError', code: 'not_ready' })
})
