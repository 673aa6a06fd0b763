import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, gone, reading, recording, textOf } from './bot.fixture.js'
import { fromProcess } from './index.js'

const examples = join(import.meta.dirname, '../../../../examples')
const answersTo = (command: string, args: readonly string[]) => spawnSync(command, args).status === 0
const bots = [
  {
    name: 'python-bot',
    file: 'python-bot/bot.py',
    reason: 'python3 is not installed',
    canRun: answersTo('python3', ['--version']),
  },
  {
    name: 'bash-bot',
    file: 'bash-bot/bot.sh',
    reason: 'bash 4 is not installed',
    canRun: answersTo('bash', ['-c', 'declare -A works']),
  },
]

for (const { name, file, reason, canRun } of bots) {
  describe.skipIf(!canRun)(`the example ${file}${canRun ? '' : ` (not tried: ${reason})`}`, () => {
    /** Starts the bot, by its first line, as the server does. */
    async function start(options: { readonly logger?: ReturnType<typeof recording>['logger'] } = {}) {
      const chat = fromProcess({ command: join(examples, file), ...options })
      onTestFinished(() => chat.stop?.())
      await chat.start?.()
      return chat
    }

    it('answers word by word, and counts the messages of the session', async () => {
      const { logger, lines } = recording()
      const chat = await start({ logger })
      expect(chat.name).toBe(name)
      const answer = await ask(chat, 'You say "hi" to me,\n\\n é 🪑', { state: 41 })
      expect(await textOf(answer)).toBe('Message 42: You say "hi" to me,\n\\n é 🪑 ')
      expect(answer.length).toBeGreaterThan(8)
      expect(answer.at(-1)).toEqual({ type: 'state', state: 42 })
      expect((await ask(chat, '')).at(-1)).toEqual({ type: 'state', state: 1 })
      expect(lines.filter(({ message }) => message !== 'the program is ready')).toEqual([])
    })

    it('answers many at once', async () => {
      const chat = await start()
      const messages = Array.from({ length: 20 }, (_, n) => `this is number ${n} `.repeat(5))
      const answers = await Promise.all(messages.map((message) => textOf(ask(chat, message))))
      expect(answers).toEqual(messages.map((message) => `Message 1: ${message} `))
    })

    it('takes long messages, with anything in them', async () => {
      const message = '","state":7,"x":"\\" {"type":"stop"} $(exit) `exit` %s *'.repeat(1_000)
      const history = [{ role: 'user', content: message } as const]
      expect(await textOf(ask(await start(), message.replaceAll(' ', ''), { history }))).toBe(
        `Message 1: ${message.replaceAll(' ', '')} `,
      )
    })

    it('says so when it can not answer, such as with the state of another bot, and goes on', async () => {
      const chat = await start()
      for (const state of ['a[$(exit 9)]', { count: 1 }, [1], 'x,y'])
        await expect(ask(chat, 'Hello', { state })).rejects.toThrow(
          `The program "${file.split('/')[1]}" could not answer`,
        )
      expect(await textOf(ask(chat, 'Hello', { state: 1 }))).toBe('Message 2: Hello ')
    })

    it('stops when it is told to, and goes on with the others', async () => {
      const chat = await start()
      const endless = 'and on '.repeat(10_000)
      const [first, second] = [reading(chat, endless), reading(chat, endless)]
      await first.next()
      await second.next()
      first.abort()
      await first.leave()
      expect(await second.next()).toMatch(/ $/)
      expect(await textOf(ask(chat, 'Hello'))).toBe('Message 1: Hello ')
      second.abort()
      await second.leave()
    })

    it('that is killed in mid-turn fails that turn, and the next one works', async () => {
      const { logger, has } = recording()
      const chat = await start({ logger })
      const reply = reading(chat, 'and on '.repeat(10_000))
      await reply.next()
      process.kill(Number((await has('the program is ready')).fields['program_pid']), 'SIGKILL')
      const rest = async () => {
        while ((await reply.next()) !== undefined);
      }
      await expect(rest()).rejects.toThrow('was ended by SIGKILL in the middle of the turn')
      expect(await textOf(ask(chat, 'Hello'))).toBe('Message 1: Hello ')
    })

    it('ends by itself when its stdin does, also in the middle of a turn', async () => {
      const { logger, has, lines } = recording()
      const chat = await start({ logger })
      const reply = reading(chat, 'and on '.repeat(10_000))
      await reply.next()
      await chat.stop?.()
      await gone(Number((await has('the program is ready')).fields['program_pid']))
      expect(lines.filter(({ level }) => level === 'warn')).toEqual([])
      await reply.leave().catch(() => {})
    })
  })
}

const canRunPython = answersTo('python3', ['--version'])

describe.skipIf(!canRunPython)('the simplest program, as the page about the protocol has it', () => {
  it('answers, and ends when its stdin does', async () => {
    const page = readFileSync(join(examples, '../docs/process-protocol.md'), 'utf8')
    const program = /```python\n([^]*?)```/.exec(page)?.[1] ?? ''
    const { logger, lines } = recording()
    const chat = fromProcess({ command: 'python3', args: ['-c', program], logger })
    onTestFinished(() => chat.stop?.())
    await chat.start?.()
    const messages = ['Hello', 'é 🪑 "\\']
    const answers = await Promise.all(messages.map((message) => textOf(ask(chat, message))))
    expect(answers).toEqual(messages.map((message) => `You said: ${message}`))
    expect(await chat.health?.()).toEqual({ process: { status: 'healthy' } })
    await chat.stop?.()
    expect(lines.map(({ message }) => message)).toEqual(['the program is ready'])
  })
})
