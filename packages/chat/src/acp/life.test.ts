import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import {
  agentChat,
  answerOf,
  chunksOf,
  contextOf,
  inSession,
  isAlive,
  keepingLogger,
  recallOf,
  script,
  scripted,
  startedChat,
  stateOf,
  textOf,
  until,
} from './talk.fixture.js'

const startOf = (chat: ReturnType<typeof agentChat>) => Promise.resolve(chat.start?.())

describe('an agent that does not start', () => {
  it.each<[string, Parameters<typeof agentChat>, string]>([
    ['is not there', [{}, { command: '/no/such/agent' }], 'could not be started: ENOENT'],
    ['has a folder that is not there', [{}, { cwd: '/no/such/folder' }], 'could not be started: ENOENT'],
    ['ends at once', [{ exit: 7 }], 'ended with exit code 7, before it had answered the handshake'],
    ['refuses the handshake', [{ refusal: -32_022 }], 'answered the handshake with error -32022'],
    ['speaks another version', [{ version: 2 }], 'speaks version 2 of the protocol, where this is version 1'],
    [
      'speaks something else',
      [{}, { args: ['-e', 'console.log("{}"); console.log("hello")'] }],
      'ended with exit code 0',
    ],
  ])('%s', async (_what, made, reason) => {
    const chat = agentChat(...made)
    await expect(startOf(chat)).rejects.toMatchObject({
      code: 'not_ready',
      message: expect.stringContaining(reason) as string,
    })
  })

  it('never answers the handshake: it is given up in time, and ended', async () => {
    const clock = createManualClock()
    const { logger, lines } = keepingLogger()
    const chat = agentChat(
      { isMute: true, stderr: `pid ${'x'.repeat(3)}` },
      { clock, logger, startTimeoutMs: 700 },
    )
    const start = startOf(chat)
    start.catch(() => {})
    await until(() => lines.length > 0)
    await clock.advance(699)
    await clock.advance(1)
    await expect(start).rejects.toMatchObject({
      code: 'not_ready',
      message: 'The agent scripted did not answer the handshake within 700 ms.',
    })
    expect(clock.timers).toBe(0)
  })

  it('may be started again', async () => {
    const chat = agentChat({ exit: 1 })
    await expect(startOf(chat)).rejects.toThrow('exit code 1')
    await expect(startOf(chat)).rejects.toThrow('exit code 1')
  })
})

describe('an agent that has to be authenticated', () => {
  it('is, by the method of the options, when it asks', async () => {
    const chat = await startedChat({ auth: 'key' }, { authMethodId: 'key' })
    const texts = ['a', 'b', 'c'].map(async (id) => textOf(await chunksOf(chat, 'Hi', inSession(id))))
    expect(await Promise.all(texts)).toEqual(['You said: Hi', 'You said: Hi', 'You said: Hi'])
  })

  it.each<[string, string | undefined, string]>([
    ['which of its methods to set where none is', undefined, 'set authMethodId to one that it offers: key'],
    ['what came of a method that it does not have', 'other', 'authMethodId led to error -32602'],
  ])('says %s', async (_what, authMethodId, reason) => {
    const chat = await startedChat({ auth: 'key' }, authMethodId === undefined ? {} : { authMethodId })
    await expect(chunksOf(chat, 'Hello')).rejects.toMatchObject({
      code: 'refused',
      message: `The agent scripted wants to be authenticated: ${reason}.`,
    })
  })
})

describe('an agent that ends while it answers', () => {
  it('fails its turns with how it ended, and the next one is answered by a new one', async () => {
    const { logger, lines } = keepingLogger()
    const chat = await startedChat({}, { logger })
    const { pid } = await recallOf(chat)
    const other = chunksOf(chat, script({ endless: 'silent' }), inSession('b'))
    other.catch(() => {})
    const error: unknown = await chunksOf(chat, script({ say: 'secret' }, { exit: 3 })).catch(
      (error: unknown) => error,
    )
    expect(error).toBeInstanceOf(Error)
    expect(error).not.toHaveProperty('code')
    expect(String(error)).toBe(
      'Error: The agent scripted ended with exit code 3. It is started again with the next message.',
    )
    await expect(other).rejects.toThrow('exit code 3')
    expect(await chat.health?.()).toEqual({
      agent: { status: 'degraded', detail: 'ended with exit code 3; it is started with the next message' },
    })
    const [one, two] = await Promise.all([recallOf(chat), recallOf(chat, inSession('b'))])
    expect(one.pid).toBe(two.pid)
    expect(one.pid).not.toBe(pid)
    expect(await chat.health?.()).toEqual({ agent: { status: 'healthy' } })
    expect(lines).toEqual(['warn the agent ended {"failures":1,"how":"ended with exit code 3"}'])
  })

  it('by a signal fails them with that', async () => {
    const chat = await startedChat()
    const { pid } = await recallOf(chat)
    const reply = chunksOf(chat, script({ endless: 'silent' }))
    reply.catch(() => {})
    await recallOf(chat, inSession('b'))
    process.kill(pid, 'SIGKILL')
    await expect(reply).rejects.toThrow('was ended by SIGKILL')
  })

  it('keeps what it said before for its readers', async () => {
    const chat = await startedChat()
    const reply = chat.reply(script({ say: 'so far' }, { exit: 1 }), contextOf())
    let text = ''
    const read = async () => {
      for await (const chunk of reply) if (typeof chunk !== 'string') text += textOf([chunk])
    }
    await expect(read()).rejects.toThrow('exit code 1')
    expect(text).toBe('so far')
  })

  it('again and again is given more and more time, and who asks is told when', async () => {
    const clock = createManualClock()
    const chat = await startedChat({}, { clock })
    const crash = () => chunksOf(chat, script({ exit: 1 }))
    await expect(crash()).rejects.toThrow('exit code 1')
    for (const [ms, seconds] of [
      [500, 1],
      [1_000, 1],
      [2_000, 2],
    ] as const) {
      await expect(crash()).rejects.toThrow('exit code 1')
      await expect(crash()).rejects.toMatchObject({ code: 'not_ready', retryAfterSeconds: seconds })
      await clock.advance(ms)
    }
    await expect(crash()).rejects.toThrow('exit code 1')
    await clock.advance(30_000)
    await recallOf(chat)
    await expect(crash()).rejects.toThrow('exit code 1')
    expect((await recallOf(chat)).said).toHaveLength(1) // an answer makes up for all
  })
})

describe('an agent whose outputs another process holds open when it ends', () => {
  it('has ended nevertheless, and the next turn is answered by a new one', async () => {
    const { command, args } = scripted()
    const { logger, lines } = keepingLogger()
    const program = `setsid sh -c 'echo "left $$" >&2; exec sleep 1000' & exec "$0" "$@"`
    const chat = agentChat(
      {},
      { command: '/bin/sh', args: ['-c', program, command, ...(args ?? [])], logger },
    )
    onTestFinished(() => {
      for (const [, pid] of lines.join('\n').matchAll(/left (\d+)/g)) process.kill(Number(pid), 'SIGKILL')
    })
    await chat.start?.()
    const { pid } = await recallOf(chat)
    await expect(chunksOf(chat, script({ exit: 3 }))).rejects.toThrow(
      'The agent scripted ended with exit code 3.',
    )
    expect(await chat.health?.()).toMatchObject({ agent: { status: 'degraded' } })
    expect((await recallOf(chat)).pid).not.toBe(pid)
    await until(() => lines.filter((line) => line.includes('left')).length === 2)
  })
})

describe('an agent that says what is not in the protocol', () => {
  it('is understood as far as it is', async () => {
    const chat = await startedChat()
    const raw = [
      'Loading model…\n',
      '{"broken\n',
      '[]\n7\nnull\n"text"\n\n\r\n',
      '{"jsonrpc":"2.0"}\n',
      '{"jsonrpc":"2.0","method":"made/up","params":{}}\n',
      '{"jsonrpc":"2.0","method":"session/update"}\n',
      '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":7,"update":null}}\n',
      '{"jsonrpc":"2.0","id":99,"method":"made/up"}\n',
      '{"jsonrpc":"2.0","id":"of nobody","result":{}}\n',
      '{"jsonrpc":"2.0","id":99999,"result":{}}\n',
      '{"jsonrpc":"2.0","id":null,"error":{"code":-1,"message":"secret"}}\n',
      '\u0000\u0001\n',
    ].map((raw) => ({ raw }))
    const written = vi.spyOn(console, 'error')
    onTestFinished(() => written.mockRestore())
    const chunks = await answerOf(chat, [{ say: 'a' }, ...raw, { say: 'b' }])
    expect(textOf(chunks)).toBe('ab')
    expect(written).not.toHaveBeenCalled() // by the library, past the log
    expect(textOf(await chunksOf(chat, 'Hello'))).toBe('You said: Hello')
  })

  it('may say it in halves of lines, and in characters of many bytes that come in pieces', async () => {
    const chat = await startedChat()
    const start = '{"jsonrpc":"2.0","method":"session/update","params":{"sessionId":"$SESSION","update":'
    const halves = [
      start,
      '{"sessionUpdate":"agent_message_chunk","content":{"type":"text",',
      '"text":"é',
      '🪑"}}}}\r',
      '\n',
    ]
    expect(
      textOf(
        await answerOf(
          chat,
          halves.map((raw) => ({ raw })),
        ),
      ),
    ).toBe('é🪑')
    const long = `x${'🪑'.repeat(200_000)}`
    expect(textOf(await answerOf(chat, [{ say: long }])) === long).toBe(true)
  })

  it('may say it in long messages, of up to 16 MiB', async () => {
    const chat = await startedChat()
    const text = textOf(await answerOf(chat, [{ flood: 3, size: 1_000_000 }]))
    expect(text).toHaveLength(3_000_000)
  })

  it('is ended when a message is longer, which is told; the next turn is answered by a new one', async () => {
    const chat = await startedChat()
    await expect(answerOf(chat, [{ flood: 1, size: 17_000_000 }])).rejects.toThrow(
      'The agent scripted sent a message of more than 16777216 bytes, and was ended.',
    )
    expect(textOf(await chunksOf(chat, 'Hello'))).toBe('You said: Hello')
  })

  it('is told of in the log, but for what it says while it answers, which is for those who look for it', async () => {
    const { logger, lines } = keepingLogger()
    const chat = await startedChat({ stderr: 'loading' }, { logger })
    await chunksOf(chat, script({ stderr: 'looking' }, { say: 'x' }))
    await until(() => lines.length === 2)
    expect(lines).toEqual([
      'info the agent wrote to stderr while it started {"line":"loading"}',
      'debug the agent wrote to stderr {"line":"looking"}',
    ])
  })

  it('fails the turn with its code alone', async () => {
    const chat = await startedChat()
    const error: unknown = await chunksOf(chat, script({ fail: -32_603, message: 'secret' })).catch(
      (error: unknown) => error,
    )
    expect(error).toMatchObject({
      code: 'upstream_failed',
      message: 'The agent scripted answered session/prompt with error -32603.',
    })
    expect(error).not.toHaveProperty('cause')
    expect(stateOf(await chunksOf(chat, 'Hello'))).not.toBeNull()
  })
})

describe('the environment of an agent', () => {
  it('is that of the options, whole', async () => {
    const chat = agentChat(
      {},
      { args: ['-e', 'process.exit(Object.keys(process.env).length)'], env: { A: '1', B: '2' } },
    )
    await expect(startOf(chat)).rejects.toThrow('exit code 2')
  })

  it('is that of the process by default', async () => {
    const chat = await startedChat()
    expect(isAlive((await recallOf(chat)).pid)).toBe(true)
  })
})
