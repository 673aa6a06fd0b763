import { mkdir, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { AcpTerminals } from './acp-options.js'
import {
  answerOf,
  chunksOf,
  contextOf,
  isAlive,
  newFolder,
  script,
  startedChat,
  textOf,
  until,
} from './talk.fixture.js'

const create = (command: string, args: readonly string[] = [], more: object = {}) => ({
  ask: 'terminal/create',
  params: { command, args, ...more },
})

/** Asks for terminals in one turn, each with what was told before of the terminals that were made. */
async function run(terminals: AcpTerminals, ...commands: readonly object[]): Promise<string[]> {
  const chat = await startedChat({}, { terminals })
  const steps = commands.flatMap((command) => [command, { say: '\n' }])
  return textOf(await answerOf(chat, steps as never)).split('\n')
}

/** Runs a program of Node in a terminal, and says what it gave. */
const outcome = (source: string, more: object = {}) => ({
  terminal: { command: process.execPath, args: ['-e', source], ...more },
})

describe('a terminal that an agent wants', () => {
  it('is refused when terminals are not enabled', async () => {
    const chat = await startedChat()
    expect(textOf(await answerOf(chat, [create('ls')]))).toMatch(/^error -32601/)
  })

  it('runs a program in the folder, with an environment of its own, and tells what it gives', async () => {
    const directory = await newFolder()
    const source =
      'console.log(process.cwd(), process.env.A, process.env.B, process.env.HOME); console.error("e"); process.exitCode = 3'
    const [answer] = await run(
      { directory, env: { A: '1' } },
      outcome(source, { env: [{ name: 'B', value: '2' }] }),
    )
    const { output, truncated, exitStatus } = JSON.parse(answer ?? '') as Record<string, string>
    expect(output?.split('\n').toSorted()).toEqual(['', `${directory} 1 2 undefined`, 'e'])
    expect({ truncated, exitStatus }).toEqual({
      truncated: false,
      exitStatus: { exitCode: 3, signal: null },
    })
  })

  it('gives the end of its output, cut between characters', async () => {
    const directory = await newFolder()
    const source = 'process.stdout.write("x".repeat(100000) + "🪑🪑🪑")'
    const [own, asked, none] = await run(
      { directory, maxOutputBytes: 10 },
      outcome(source),
      outcome(source, { outputByteLimit: 5 }),
      outcome(source, { outputByteLimit: 0 }),
    )
    expect(JSON.parse(own ?? '')).toMatchObject({ output: '🪑🪑', truncated: true })
    expect(JSON.parse(asked ?? '')).toMatchObject({ output: '🪑', truncated: true })
    expect(JSON.parse(none ?? '')).toMatchObject({ output: '', truncated: true })
  })

  it('gives its stderr as it is: lines of any length, without an end that was not written', async () => {
    const directory = await newFolder()
    const source = 'process.stderr.write("\\r\\n" + "x".repeat(20000) + "🪑")'
    const [answer] = await run({ directory }, outcome(source))
    expect(JSON.parse(answer ?? '')).toMatchObject({
      output: `\r\n${'x'.repeat(20_000)}🪑`,
      truncated: false,
    })
  })

  it('runs only what is allowed, by exactly its name, and with no environment of the agent', async () => {
    const directory = await newFolder()
    const commands = [process.execPath]
    const answers = await run(
      { directory, commands },
      create('node'),
      create(`${process.execPath} -e 1`),
      create('/bin/sh', ['-c', 'true']),
      create(process.execPath, ['-v'], { env: [{ name: 'NODE_OPTIONS', value: '--version' }] }),
      outcome('console.log("ran")'),
    )
    for (const answer of answers.slice(0, 3))
      expect(answer).toMatch(/^error -32602: .*not one that is allowed/)
    expect(answers[3]).toMatch(/^error -32602: .*environment/)
    expect(answers[4]).toContain('ran')
  })

  it('runs in the folder only', async () => {
    const directory = await newFolder()
    const outside = await newFolder()
    await mkdir(join(directory, 'sub'))
    await symlink(outside, join(directory, 'door'))
    const source = 'process.stdout.write(process.cwd())'
    const [inside, ...refused] = await run(
      { directory },
      outcome(source, { cwd: join(directory, 'sub') }),
      create('ls', [], { cwd: outside }),
      create('ls', [], { cwd: `${directory}/..` }),
      create('ls', [], { cwd: join(directory, 'door') }),
      create('ls', [], { cwd: 'sub' }),
    )
    expect(inside).toContain(join(directory, 'sub'))
    for (const answer of refused.slice(0, 4)) expect(answer).toMatch(/^error -32602/)
  })

  it('is refused when the program can not be started, or there are too many', async () => {
    const directory = await newFolder()
    const sleep = create(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const answers = await run({ directory, maxPerTurn: 2 }, create('/no/such/program'), sleep, sleep, sleep)
    expect(answers[0]).toMatch(/^error -32602: .*ENOENT/)
    expect(answers[1]).toContain('terminalId')
    expect(answers[2]).toContain('terminalId')
    expect(answers[3]).toMatch(/^error -32602: .*2 terminals/)
  })

  it('is of its turn only, and is gone when it was released', async () => {
    const directory = await newFolder()
    const chat = await startedChat({}, { terminals: { directory } })
    const sleep = create(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
    const { terminalId } = JSON.parse(textOf(await answerOf(chat, [sleep]))) as { terminalId: string }
    const of = (ask: string) => ({ ask, params: { terminalId } })
    const late = ['output', 'kill', 'wait_for_exit', 'release'].map((name) => of(`terminal/${name}`))
    const answers = textOf(await answerOf(chat, late))
    expect(answers).toMatch(/^(error -32002: Resource not found){4}$/)
  })

  it('can be ended, and still tells what it gave', async () => {
    const directory = await newFolder()
    const [answer] = await run(
      { directory },
      outcome('console.log("here"); setInterval(() => {}, 1000)', { kill: true }),
    )
    expect(JSON.parse(answer ?? '')).toMatchObject({
      output: 'here\n',
      exitStatus: { exitCode: null, signal: 'SIGTERM' },
    })
  })
})

describe('a program in a terminal, with what it has started', () => {
  const family = `
    const { spawn } = require('node:child_process')
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' })
    require('node:fs').writeFileSync('pids', JSON.stringify([process.pid, child.pid]))
    setInterval(() => {}, 1000)`
  const begin = (directory: string) => [
    create(process.execPath, ['-e', family]),
    { waitForFile: join(directory, 'pids') },
  ]
  const familyIn = async (directory: string) => {
    const pids = JSON.parse(await readFile(join(directory, 'pids'), 'utf8')) as number[]
    for (const pid of pids) await until(() => !isAlive(pid))
    return 'gone'
  }

  it('ends with its turn', async () => {
    const directory = await newFolder()
    const chat = await startedChat({}, { terminals: { directory } })
    await chunksOf(chat, script(...(begin(directory) as never[])))
    await expect(familyIn(directory)).resolves.toBe('gone')
  })

  it('ends when its turn is cancelled', async () => {
    const directory = await newFolder()
    const chat = await startedChat({}, { terminals: { directory } })
    const stop = new AbortController()
    const steps = script(...(begin(directory) as never[]), { say: 'ready' }, { endless: 'silent' })
    for await (const chunk of chat.reply(steps, contextOf({ signal: stop.signal })))
      if (typeof chunk !== 'string' && chunk.type === 'text' && chunk.text.includes('ready')) stop.abort()
    await expect(familyIn(directory)).resolves.toBe('gone')
  })

  it('is gone when the chat interface has stopped', async () => {
    const directory = await newFolder()
    const chat = await startedChat({}, { terminals: { directory } })
    const steps = script(...(begin(directory) as never[]), { say: 'ready' }, { endless: 'silent' })
    const reply = chat.reply(steps, contextOf())[Symbol.asyncIterator]()
    for (;;) {
      const { value } = await reply.next()
      if (value?.type === 'text' && value.text.includes('ready')) break
    }
    const last = reply.next()
    last.catch(() => {})
    await chat.stop?.()
    await expect(familyIn(directory)).resolves.toBe('gone')
    await expect(last).rejects.toThrow('The agent scripted')
  })
})
