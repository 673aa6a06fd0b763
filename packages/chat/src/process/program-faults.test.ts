import { describe, expect, it } from 'vitest'
import { ask, contextOf, failureOf, recording, started, textOf } from './bot.fixture.js'

describe('output that is not the protocol', () => {
  it('goes to the log, and into no answer', async () => {
    const { logger, lines } = recording()
    const chat = await started(
      `on.turn = ({ turn_id }) => {
        text(turn_id, 'a')
        write('debugging\\n[1,2]\\n"text"\\nnull\\n' + 'x'.repeat(9000) + '\\n{"type":"text","turn_id":"other","text":"secret\\n')
        say('texts', { turn_id, text: 'secret' }); say('__proto__', {}); write('{"type":7}\\n{}\\n')
        text(turn_id, 'b'); end(turn_id)
      }`,
      { logger },
    )
    expect(await textOf(ask(chat, ''))).toBe('ab')
    const foreign = lines.filter(({ message }) => message === 'the program wrote what is not the protocol')
    expect(foreign.map(({ level, fields: { line, type, length } }) => [level, line ?? type, length])).toEqual(
      [
        ['info', 'debugging', undefined],
        ['info', '[1,2]', undefined],
        ['info', '"text"', undefined],
        ['info', 'null', undefined],
        ['info', 'x'.repeat(8_192), undefined],
        ['info', null, expect.any(Number)],
        ['info', 'texts', expect.any(Number)],
        ['info', '__proto__', expect.any(Number)],
        ['info', null, 10],
        ['info', null, 2],
      ],
    )
    expect(JSON.stringify(lines)).not.toContain('secret')
  })

  it('may be what it writes to its stderr, also in the middle of everything', async () => {
    const { logger, lines } = recording()
    const chat = await started(
      `on.turn = ({ turn_id }) => { console.error('oh\\nno'); text(turn_id, 'a'); setTimeout(() => end(turn_id), 20) }`,
      { logger, name: 'mine' },
    )
    await ask(chat, '')
    const written = lines.filter(({ message }) => message === 'the program wrote to its stderr')
    expect(written.map(({ level, fields: { line, program } }) => [level, line, program])).toEqual([
      ['info', 'oh', 'mine'],
      ['info', 'no', 'mine'],
    ])
  })

  it('may be a line about a turn that is not running: it is dropped', async () => {
    const { logger, has, lines } = recording()
    const chat = await started(
      `let last = 'none'
      on.turn = ({ turn_id }) => { text(last, 'secret'); end(last); text(turn_id, 'a'); end(turn_id); last = turn_id }`,
      { logger },
    )
    expect(await textOf(ask(chat, ''))).toBe('a')
    expect(await textOf(ask(chat, ''))).toBe('a')
    const { level } = await has('the program wrote a line about a turn that is not running', 4)
    expect([level, JSON.stringify(lines).includes('secret')]).toEqual(['debug', false])
  })

  it('may be something that nobody asked for: it is dropped', async () => {
    const { logger, has } = recording()
    const chat = await started(
      `on.turn = ({ turn_id }) => { say('ready', { name: 'other' }); say('health', { id: 'x', components: {} }); end(turn_id) }`,
      { logger },
    )
    expect(await ask(chat, '')).toEqual([])
    expect(chat.name).toBe('test-bot')
    expect((await has('the program said once more that it is ready')).level).toBe('debug')
    expect((await has('the program told its health without being asked')).level).toBe('debug')
  })
})

describe('a line of a known type with wrong fields', () => {
  it.each([
    [
      "say('text', { turn_id })",
      'a line of the type text is wrong: its text is missing, and has to be a string',
    ],
    ["say('text', { turn_id, text: ['secret'] })", 'its text is an array'],
    ["say('text', { turn_id, text: null })", 'its text is null'],
    ["say('function_call', { turn_id, call_id: 1, name: 'f', arguments: {} })", 'its call_id is a number'],
    ["say('function_call', { turn_id, call_id: 'c', name: 'f' })", 'its arguments is missing'],
    ["say('function_result', { turn_id, call_id: 'c', name: 'f' })", 'its result is missing'],
    [
      "say('function_result', { turn_id, call_id: 'c', name: 'f', result: 1, error: 'e' })",
      'both a result and an error',
    ],
    ["say('function_result', { turn_id, call_id: 'c', name: 'f', error: {} })", 'its error is an object'],
    ["say('data', { turn_id, data: 1 })", 'its name is missing'],
    ["say('state', { turn_id })", 'its state is missing'],
    ["say('usage', { turn_id, input_tokens: 1.5, output_tokens: 1 })", 'its input_tokens is another number'],
    ["say('usage', { turn_id, input_tokens: 1, output_tokens: -1 })", 'has to be a whole number'],
    ["say('end', { turn_id, finish_reason: 7 })", 'its finish_reason is a number, and has to be a string'],
    [
      "say('error', { turn_id, code: 'secret' })",
      'its code is another string, and has to be one of not_ready',
    ],
    ["say('error', { turn_id, code: 7 })", 'its code is a number, and has to be one of not_ready'],
    ["say('error', { turn_id, message: true })", 'its message is a boolean'],
    [
      "say('error', { turn_id, retry_after_seconds: -1 })",
      'its retry_after_seconds is another number, and has to be a number from 0',
    ],
    [
      "say('error', { turn_id, retry_after_seconds: '5' })",
      'its retry_after_seconds is a string, and has to be a number from 0',
    ],
  ])('fails its turn, which is cancelled: %s', async (wrong, fault) => {
    const chat = await started(
      `let cancelled
      on.cancel = ({ turn_id }) => { cancelled = turn_id; text(turn_id, 'secret'); end(turn_id) }
      on.turn = ({ turn_id, message }) => {
        if (message === 'again') { text(turn_id, cancelled); end(turn_id); return }
        text(turn_id, 'so far'); ${wrong}; text(turn_id, 'secret')
      }`,
    )
    const error: unknown = await ask(chat, '', { turnId: 'turn_a' }).catch((error: unknown) => error)
    const { name, message } = error as Error
    expect([name, message]).toEqual(['Error', expect.stringContaining(fault)])
    expect(message).toMatch(/^The program "node" broke the protocol: (?!.*secret)/)
    expect(await textOf(ask(chat, 'again'))).toBe('turn_a')
  })

  it('fails all turns when it does not say whose it is', async () => {
    const { logger, has } = recording()
    const chat = await started(
      `on.turn = ({ turn_id, message }) => {
        if (message === 'hold') return
        if (message === 'wrong') say('text', { text: 'secret' }); else end(turn_id)
      }`,
      { logger },
    )
    const answers = ['hold', 'hold', 'wrong'].map((message) => ask(chat, message))
    const outcomes = await Promise.allSettled(answers)
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    await expect(answers[0]).rejects.toThrow('its turn_id is missing')
    expect((await has('the program wrote a line that names no turn')).level).toBe('warn')
    expect(await ask(chat, '')).toEqual([])
  })
})

describe('a line that is no JSON, and names a turn', () => {
  const broken = (line: string) => `let held
  on.turn = ({ turn_id, message }) => {
    if (message === 'hold') { held = turn_id; return text(turn_id, 'held') }
    if (message === 'broken') write(${line} + '\\n')
    if (message === 'let go') end(held)
    text(turn_id, 'b'); end(turn_id)
  }`

  it.each([
    [
      'has NaN, as Python writes it',
      `'{"type": "data", "turn_id": "' + turn_id + '", "name": "n", "data": NaN}'`,
    ],
    ['has its type last', `'{"turn_id":"' + turn_id + '","data":Infinity,"name":"n","type":"data"}'`],
    ['names a turn that is over before its own', `'{"data":{"turn_id":"old"},"turn_id":"' + turn_id + '"'`],
    ['is the first half of one', `'{"type":"text","turn_id":"' + turn_id + '","text":"secret'`],
  ])('fails that turn alone: it %s', async (_what, line) => {
    const { logger, lines } = recording()
    const chat = await started(broken(line), { logger })
    const held = ask(chat, 'hold')
    const error = await failureOf(ask(chat, 'broken'))
    expect(String(error)).toMatch(
      /^Error: The program "node" broke the protocol: a line of the type \w+ is wrong: it is no JSON/,
    )
    expect(String(error) + JSON.stringify(lines)).not.toContain('secret')
    expect(await textOf(ask(chat, 'let go'))).toBe('b')
    expect(await textOf(held)).toBe('held')
  })

  it.each([
    ['that does not run', `'{"type":"text","turn_id":"old","text":NaN}'`],
    ['with a type that is unknown', `'{"type":"debug","turn_id":"' + turn_id + '","text":NaN}'`],
    ['without being an object', `'see "turn_id":"' + turn_id + '"'`],
  ])('goes to the log when it names one %s', async (_what, line) => {
    const { logger, has } = recording()
    const chat = await started(broken(line), { logger })
    expect(await textOf(ask(chat, 'broken'))).toBe('b')
    expect((await has('the program wrote what is not the protocol')).level).toBe('info')
  })
})

describe('a finish reason', () => {
  it.each([
    ['length', 'length'],
    ['tool_use', 'other'],
  ])('that is %s is %s, and the answer is whole', async (said, reason) => {
    const chat = await started(
      `on.turn = ({ turn_id }) => { text(turn_id, 'all'); say('end', { turn_id, finish_reason: '${said}' }) }`,
    )
    expect(await ask(chat, '')).toEqual([
      { type: 'text', text: 'all' },
      { type: 'finish', reason },
    ])
  })
})

describe('a line that is too long', () => {
  const long = "'x'.repeat(10 * 1024 * 1024)"

  it('fails its turn alone, and the next one works', async () => {
    const chat = await started(`let held
    on.turn = ({ turn_id, message }) => {
      if (message === 'hold') { held = turn_id; return text(turn_id, 'held') }
      if (message === 'let go') end(held)
      text(turn_id, message === 'long' ? ${long} : 'short'); end(turn_id)
    }`)
    const held = ask(chat, 'hold')
    await expect(ask(chat, 'long')).rejects.toThrow('type text is wrong: it has more than 1048576 characters')
    expect(await textOf(ask(chat, 'let go'))).toBe('short')
    expect(await textOf(held)).toBe('held')
  })

  it('fails all turns when it does not say whose it is', async () => {
    const chat = await started(`on.turn = ({ turn_id, message }) => {
      if (message === 'long') write(JSON.stringify({ text: ${long}, turn_id, type: 'text' }) + '\\n')
    }`)
    const outcomes = await Promise.allSettled([ask(chat, 'hold'), ask(chat, 'long')])
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  })

  it('goes to the log when it has another type', async () => {
    const { logger, has } = recording()
    const chat = await started(
      `on.turn = ({ turn_id }) => { say('debug', { text: ${long} }); text(turn_id, 'a'); end(turn_id) }`,
      { logger },
    )
    expect(await textOf(ask(chat, ''))).toBe('a')
    expect((await has('the program wrote what is not the protocol')).fields).not.toHaveProperty('line')
  })

  it('goes to the log when it is no object', async () => {
    const { logger, has } = recording()
    const chat = await started(
      `on.turn = ({ turn_id }) => { write(${long} + '\\n'); text(turn_id, 'a'); end(turn_id) }`,
      { logger },
    )
    expect(await textOf(ask(chat, ''))).toBe('a')
    expect((await has('the program wrote what is not the protocol')).fields['line']).toHaveLength(8_192)
  })

  it('is one of more characters than the option says', async () => {
    const chat = await started(
      'on.turn = ({ turn_id, message }) => { text(turn_id, message); end(turn_id) }',
      {
        maxLineLength: 100,
      },
    )
    await expect(ask(chat, 'x'.repeat(100))).rejects.toThrow('more than 100 characters')
    expect(await textOf(ask(chat, 'é'.repeat(20)))).toBe('é'.repeat(20))
  })
})

describe('a program that can not answer', () => {
  const failing = (fields: string) => `on.turn = ({ turn_id }) => say('error', { turn_id, ...${fields} })`

  it.each(['not_ready', 'rate_limited', 'timeout', 'upstream_failed', 'refused'])(
    'says why: %s',
    async (code) => {
      const chat = await started(failing(JSON.stringify({ code, message: 'the model is away' })))
      await expect(ask(chat, '')).rejects.toMatchObject({
        name: 'ChatError',
        code,
        message: 'The program "node" could not answer: the model is away',
        retryAfterSeconds: undefined,
      })
    },
  )

  it('says when to try again, which is told in whole seconds', async () => {
    const chat = await started(failing('{ code: "rate_limited", retry_after_seconds: 1.5 }'))
    await expect(ask(chat, '')).rejects.toMatchObject({ code: 'rate_limited', retryAfterSeconds: 2 })
  })

  it('may want others to wait for a day at most', async () => {
    const chat = await started(failing('{ code: "rate_limited", retry_after_seconds: 99999999999 }'))
    await expect(ask(chat, '')).rejects.toMatchObject({ retryAfterSeconds: 86_400 })
  })

  it('may say no more than that, or too much', async () => {
    const chat = await started(failing('{}'))
    await expect(ask(chat, '')).rejects.toMatchObject({
      name: 'Error',
      message: 'The program "node" could not answer.',
    })
    const talkative = await started(failing('{ message: "x".repeat(5000) }'))
    await expect(ask(talkative, '')).rejects.toThrow(/^The program "node" could not answer: x{1000}$/)
  })

  it('gives what it said until then', async () => {
    const chat = await started(
      "on.turn = ({ turn_id }) => { text(turn_id, 'so far'); say('error', { turn_id }) }",
    )

    const reply = chat.reply('', contextOf())[Symbol.asyncIterator]()
    expect(await reply.next()).toMatchObject({ value: { text: 'so far' } })
    await expect(reply.next()).rejects.toThrow('could not answer')
    expect(await reply.next()).toEqual({ done: true, value: undefined })
  })
})
