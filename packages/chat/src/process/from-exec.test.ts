import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  ask,
  contextOf,
  failureOf,
  gone,
  isAlive,
  reading,
  recording,
  settled,
  textOf,
} from './bot.fixture.js'
import { type ExecOptions, fromExec } from './index.js'

/** A command of Node, which has the message as `message` when it has read all of it. */
const node = (program: string) =>
  `"${process.execPath}" -e '
    let message = ""
    process.stdin.setEncoding("utf8").on("data", (text) => message += text).on("end", async () => { ${program} })'`

const exec = (command: string, options?: ExecOptions) => {
  const chat = fromExec(command, options)
  onTestFinished(() => chat.stop?.())
  return chat
}

describe('a command that answers', () => {
  it('has the message on its stdin, and answers on its stdout', async () => {
    expect(await ask(exec('tr a-z A-Z'), 'Hello,\nworld')).toEqual(['HELLO,\nWORLD'])
    expect(await textOf(ask(exec('cat'), ''))).toBe('')
    expect(await textOf(ask(exec('printf "%s" "$0" | wc -c; cat'), 'x'))).toMatch(/^\d+\nx$/)
  })

  it('is a line for the shell: with pipes, quotes and variables, and safe from what the message says', async () => {
    const chat = exec(`sed 's/^/> /' | cat; echo "$HOME" '$HOME' && exit 0`)
    const message = `'; echo pwned; $(echo pwned) "\`echo pwned\`"`
    expect(await textOf(ask(chat, message))).toMatch(/^> '; echo pwned; \$\(echo.*\n?.*\$HOME$/)
  })

  it.each([
    ['a\\n', 'a'],
    ['a\\r\\n', 'a'],
    ['a\\n\\n', 'a\n'],
    ['a\\r', 'a\r'],
    ['\\na', '\na'],
    ['\\n', ''],
    ['', ''],
    ['a\\r\\nb\\r\\n\\r\\n', 'a\r\nb\r\n'],
  ])('may end its answer with one line end, which is not part of it: %j', async (output, answer) => {
    expect(await textOf(ask(exec(`printf '${output}'`), ''))).toBe(answer)
    const pieces = node(
      `for (const byte of Buffer.from("${output}")) { process.stdout.write(Buffer.from([byte])); await new Promise(setImmediate) }`,
    )
    expect(await textOf(ask(exec(pieces), ''))).toBe(answer)
  })

  it('streams it as it comes, also where a character comes in two pieces', async () => {
    const chat = exec(`printf 'a\\360\\237'; read -r line; printf '\\252\\221b\\n'`, {})
    const bytes = Buffer.from('a🪑b')
    expect([...bytes]).toEqual([0x61, 0xf0, 0x9f, 0xaa, 0x91, 0x62])
    expect(await textOf(ask(chat, 'line\n'))).toBe('a🪑b')
    const slow = exec('echo one; sleep 1000')
    const reply = reading(slow, '')
    expect(await reply.next()).toBe('one')
    reply.abort()
    await reply.leave()
  })

  it('is told the session and the turn in its environment, which is the server’s or its own', async () => {
    const context = { session: { id: "sess_'$(x)", metadata: {} } as never, turnId: 'turn_e' }
    const ids = 'echo "$COLLOQUY_SESSION_ID $COLLOQUY_TURN_ID $0 $# $WHO"; test -n "$PATH"'
    expect(await textOf(ask(exec(ids), '', context))).toBe("sess_'$(x) turn_e /bin/sh 0 ")
    expect(await textOf(ask(exec(ids, { env: { WHO: 'me' } }), '', context))).toBe(
      "sess_'$(x) turn_e /bin/sh 0 me",
    )
    const own = exec('env', { env: { WHO: 'me' } })
    const names = (await textOf(ask(own, '', context))).split('\n').map((line) => line.split('=')[0])
    expect(new Set(names.filter((name) => !['PWD', 'SHLVL', '_', 'OLDPWD'].includes(name ?? '')))).toEqual(
      new Set(['COLLOQUY_SESSION_ID', 'COLLOQUY_TURN_ID', 'WHO']),
    )
  })

  it('runs in a folder', async () => {
    expect(await textOf(ask(exec('pwd', { cwd: '/' }), ''))).toBe('/')
  })

  it.each([
    ['/usr/bin/tr a b', 'tr'],
    ['cat; echo', 'cat'],
    [' cat|tr a b', 'cat'],
    ['cat<file', 'cat'],
    ['"/opt/my tools/bot" -x', 'bot'],
    ["'my-bot.sh'", 'my-bot.sh'],
    ['API_TOKEN=secret my-bot --x', 'my-bot'],
    [`A=1 B_2="secret secret" C='secret' D=$E ./my-bot`, 'my-bot'],
    ['API_TOKEN=secret', 'command'],
    ['API_TOKEN=secret; cat', 'command'],
    ['API_TOKEN=$(cat secret) my-bot', 'command'],
    ['API_TOKEN="$(echo "a secret")" my-bot', 'command'],
    ['API_TOKEN=`cat secret` my-bot', 'command'],
    ['$SECRET x', 'command'],
    ['(cat)', 'command'],
    ['{ cat; }', 'command'],
  ])('is named after its program: %s', (command, name) => {
    expect(fromExec(command).name).toBe(name)
    expect(fromExec(command, { name: 'mine' }).name).toBe('mine')
  })

  it('ends with its command, also where something that it started holds its output open', async () => {
    const chat = exec('setsid sleep 21 & sleep 0.3; echo hi')
    expect(await textOf(ask(chat, ''))).toBe('hi')
    await expect(ask(exec('setsid sleep 21 & sleep 0.3; exit 3'), '')).rejects.toThrow('exit code 3')
  }, 15_000)

  it.each<[string, unknown, string]>([
    ['', {}, 'fromExec(): command has to be the program to run'],
    ['  ', {}, 'fromExec(): command has to be the program to run'],
    ['cat', { killGraceMs: Number.NaN }, 'fromExec(): killGraceMs has to be a time in milliseconds, from 0.'],
    ['cat', { cwd: 7 }, 'fromExec(): cwd has to be a text that is not empty.'],
    ['cat', { env: { A: 1 } }, 'fromExec(): env has to be an object of texts, by their names.'],
    ['cat', null, 'fromExec() takes an object of options; got null.'],
  ])('is refused when it can not be: %j with %j', (command, options, message) => {
    expect(() => fromExec(command, options as ExecOptions)).toThrow(message)
  })

  it('may leave the message unread', async () => {
    expect(await textOf(ask(exec('exec 0<&-; echo deaf'), 'x'.repeat(1_000_000)))).toBe('deaf')
  })

  it('has its stderr in the log of the turn', async () => {
    const { logger, lines } = recording()
    await ask(exec('echo oh >&2; echo no >&2; echo fine'), '', { logger })
    expect(lines).toEqual([
      { level: 'info', message: 'the command wrote to its stderr', fields: { line: 'oh' } },
      { level: 'info', message: 'the command wrote to its stderr', fields: { line: 'no' } },
    ])
  })

  it('answers many at once, each with its own', async () => {
    const chat = exec('cat')
    const messages = Array.from({ length: 30 }, (_, n) => `message ${n}`)
    expect(await Promise.all(messages.map((message) => textOf(ask(chat, message))))).toEqual(messages)
  })
})

describe('a command that fails', () => {
  it.each([
    ['exit 3', /^The command "exit" ended with exit code 3\.$/],
    [
      '/no/such/command secret',
      /^The command "command" ended with exit code 127: the shell finds no such command\.$/,
    ],
    ['/etc/passwd', /ended with exit code 126: the shell may not run it\.$/],
    ['kill -9 $$', /^The command "kill" was ended by SIGKILL\.$/],
  ])('fails its turn, and says how: %s', async (command, message) => {
    const error: unknown = await ask(exec(command), 'secret').catch((error: unknown) => error)
    expect(error).toMatchObject({ name: 'Error', message: expect.stringMatching(message) })
    expect(String(error)).not.toContain('secret')
  })

  it('gives what it said until then', async () => {
    const reply = exec('echo so far; exit 1').reply('', contextOf())[Symbol.asyncIterator]()
    expect(await reply.next()).toEqual({ done: false, value: 'so far' })
    await expect(reply.next()).rejects.toThrow('exit code 1')
  })

  it('may not even be started', async () => {
    await expect(ask(exec('cat', { cwd: '/no/such/folder' }), '')).rejects.toThrow(/can't be started.*cwd/)
  })
})

describe('a turn that is stopped', () => {
  it('before it began runs nothing', async () => {
    const reply = reading(exec('echo ran'), '')
    reply.abort()
    await expect(reply.next()).rejects.toThrow('aborted')
    expect(await reply.next()).toBeUndefined()
  })

  it('by a reader that leaves while it waits ends at once, and ends the command', async () => {
    const reply = reading(exec('echo $$; sleep 1000'), '')
    const pid = Number(await reply.next())
    const next = reply.next()
    await reply.leave()
    expect(await next).toBeUndefined()
    await gone(pid)
  })

  it.each(['stop', 'leave'] as const)(
    'in mid-answer ends the command, and all that it has started: %s',
    async (how) => {
      const reply = reading(exec('sleep 1000 & echo $! $$; wait'), '')
      const pids = ((await reply.next()) ?? '').split(' ').map(Number)
      expect(pids.map(isAlive)).toEqual([true, true])
      const stopping = reply[how]()
      expect(await reply.next()).toBeUndefined()
      await stopping
      await reply.leave()
      await Promise.all(pids.map(gone))
    },
  )

  it('while it waits for the next piece ends at once', async () => {
    const reply = reading(exec('echo one; sleep 1000'), '')
    await reply.next()
    const next = reply.next()
    reply.abort()
    expect(await next).toBeUndefined()
  })

  it('ends one that is deaf to SIGTERM with SIGKILL, after its grace', async () => {
    const clock = createManualClock()
    const chat = exec(`trap '' TERM; echo $$; while :; do sleep 1000; done`, { clock, killGraceMs: 500 })
    const reply = reading(chat, '')
    const pid = Number(await reply.next())
    const next = reply.next()
    reply.abort()
    await clock.advance(499)
    expect(isAlive(pid)).toBe(true)
    await clock.advance(1)
    expect(await next).toBeUndefined()
    await gone(pid)
    expect(clock.timers).toBe(0)
  })

  it('ends one whose output another process holds open, which left its group', async () => {
    const clock = createManualClock()
    const leaver = `require("node:child_process").spawn("sleep", ["5"], { detached: true, stdio: ["ignore", "inherit", "inherit"] }).unref()`
    const reply = reading(exec(node(`${leaver}; console.log("up"); process.exit()`), { clock }), '')
    expect(await reply.next()).toBe('up')
    const next = reply.next()
    reply.abort()
    while (clock.timers === 0) await settled()
    await clock.advance(2_000)
    expect(await next).toBeUndefined()
  })

  it('is one that the stop of the whole ends', async () => {
    const chat = exec('echo $$; sleep 1000')
    const reply = reading(chat, '')
    const pid = Number(await reply.next())
    await Promise.all([chat.stop?.(), chat.stop?.()])
    await gone(pid)
    expect(await failureOf(reply.next())).toBeInstanceOf(Error)
  })
})

it('a command can write no faster than its answer is taken', async () => {
  const { logger, until } = recording()
  const program = node(
    `
    const watch = () => {
      const { workerData: count } = require("node:worker_threads")
      let before = -1
      setInterval(() => {
        if (count[0] > 0 && count[0] === before) require("node:fs").writeSync(2, "held up after " + before + "\\n")
        before = count[0]
      }, 200)
    }
    const count = new Int32Array(new SharedArrayBuffer(4))
    new (require("node:worker_threads").Worker)("(" + watch + ")()", { eval: true, workerData: count }).unref()
    for (let n = 1; n <= 200; n += 1) {
      if (!process.stdout.write("x".repeat(50_000))) await new Promise((resolve) => process.stdout.once("drain", resolve))
      count[0] = n
    }
    process.exitCode = 0`,
  )
  const reply = reading(exec(program), '', { logger })
  let length = (await reply.next())?.length ?? 0
  const { fields } = await until(({ fields: { line } }) => String(line).startsWith('held up'))
  expect(Number(String(fields['line']).split(' ').at(-1))).toBeLessThan(20)
  for (let text = await reply.next(); text !== undefined; text = await reply.next()) length += text.length
  expect(length).toBe(10_000_000)
})
