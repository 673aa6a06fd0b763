import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it, onTestFinished } from 'vitest'
import { ask, failureOf, reading, recording, settled, started, textOf } from './bot.fixture.js'

/** Ends itself when it is told to, otherwise says who it is. */
const mortal = `on.turn = ({ turn_id, message }) => {
  if (message === 'exit') { process.exitCode = 3; process.stdin.destroy(); return }
  text(turn_id, String(process.pid))
  if (message !== 'hold') end(turn_id)
}
on.cancel = ({ turn_id }) => end(turn_id)`

describe('a program that ends by itself', () => {
  it('fails its running turns alone, also when it is killed, and the next one works', async () => {
    const chat = await started(mortal, { processes: 2, minRestartMs: 0 })
    const [first, second] = [reading(chat, 'hold'), reading(chat, 'hold')]
    const [pid, other] = [Number(await first.next()), Number(await second.next())]
    expect(pid).not.toBe(other)
    process.kill(pid, 'SIGKILL')
    await expect(first.next()).rejects.toThrow(
      `The program "node" (process ${pid}) was ended by SIGKILL in the middle of the turn.`,
    )
    expect(Number(await textOf(ask(chat, '')))).not.toBe(pid)
    await second.leave()
    expect(await textOf(ask(chat, ''))).toMatch(/^\d+$/)
  })

  it('tells its exit code and is started again, also where another process holds its outputs open', async () => {
    const { logger, has } = recording()
    const chat = await started(
      `${mortal}
      const stdio = ['ignore', 'inherit', 'inherit']
      const sleeper = require('node:child_process').spawn('sleep', ['1000'], { detached: true, stdio })
      sleeper.unref()
      console.error(sleeper.pid)`,
      { logger, minRestartMs: 0 },
    )
    const endSleeper = async (times: number) => {
      const { fields } = await has('the program wrote to its stderr', times)
      onTestFinished(() => void process.kill(Number(fields['line']), 'SIGKILL'))
    }
    await endSleeper(1)
    await expect(ask(chat, 'exit')).rejects.toThrow(/ended with exit code 3 in the middle of the turn/)
    const { fields } = await has('the program ended with exit code 3; it is started again')
    expect(fields).toMatchObject({ exit_code: 3, program_pid: expect.any(Number) as number })
    expect(fields).not.toHaveProperty('pid')
    expect(await textOf(ask(chat, ''))).toMatch(/^\d+$/)
    await endSleeper(2)
  })

  it('tells its exit code', async () => {
    const chat = await started(mortal)
    await expect(ask(chat, 'exit')).rejects.toThrow(/ended with exit code 3 in the middle of the turn/)
  })

  it('may have answered before: nothing that it wrote is lost', async () => {
    const chat = await started(`on.turn = ({ turn_id }) => {
      for (let n = 0; n < 1000; n += 1) text(turn_id, 'x'.repeat(50)); end(turn_id); process.stdin.destroy()
    }`)
    expect(await textOf(ask(chat, ''))).toHaveLength(50_000)
  })
})

describe('a restart', () => {
  it('comes after 100 ms, and twice as long each time, up to 30 s; turns wait for it', async () => {
    const clock = createManualClock()
    const { logger, has, lines } = recording()
    const chat = await started(mortal, { clock, logger, startTimeoutMs: 60_000 })
    const delays: unknown[] = []
    for (let n = 1; n <= 11; n += 1) {
      await expect(ask(chat, 'exit')).rejects.toThrow('exit code 3')
      const { fields, level } = await has('the program ended with exit code 3; it is started again', n)
      expect([level, fields['exit_code']]).toEqual(['warn', 3])
      delays.push(fields['restart_ms'])
      await clock.advance(Number(fields['restart_ms']) - 1)
      expect(lines.filter(({ message }) => message === 'the program is ready')).toHaveLength(n)
      await clock.advance(1)
      await has('the program is ready', n + 1)
    }
    expect(delays).toEqual([100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000])
  })

  it.each<[string, string, number]>([
    ['it has ended a turn', 'hello', 0],
    ['it has run for a minute', '', 60_000],
  ])('comes after 100 ms again once %s', async (_when, message, ms) => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const chat = await started(mortal, { clock, logger })
    for (const [n, delay] of [100, 200, 100].entries()) {
      if (n === 2 && message !== '') await ask(chat, message)
      if (n === 2) await clock.advance(ms)
      await expect(ask(chat, 'exit')).rejects.toThrow('exit code 3')
      expect((await has('the program ended', n + 1)).fields['restart_ms']).toBe(delay)
      await clock.advance(delay)
      await has('the program is ready', n + 2)
    }
  })

  it('that fails is tried again, later each time', async () => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const folder = await mkdtemp(join(tmpdir(), 'colloquy-restart-'))
    onTestFinished(() => rm(folder, { recursive: true, force: true }))
    const chat = await started(
      `${mortal}; on.start = () => {
        if (!require('node:fs').existsSync('broken')) return say('ready')
        console.error('it is broken'); process.exitCode = 4; process.stdin.destroy()
      }`,
      { cwd: folder, clock, logger },
    )
    await writeFile(join(folder, 'broken'), '')
    await expect(ask(chat, 'exit')).rejects.toThrow('exit code 3')
    await has('the program ended with exit code 3')
    for (const [n, delay] of [200, 400, 800].entries()) {
      await clock.advance(delay / 2)
      const { fields } = await has('the program ended with exit code 4; it is started again', n + 1)
      expect(fields).toMatchObject({
        restart_ms: delay,
        err: { message: expect.stringContaining('it is broken') },
      })
    }
    await rm(join(folder, 'broken'))
    await clock.advance(800)
    expect(await textOf(ask(chat, ''))).toMatch(/^\d+$/)
  })

  it('that takes too long makes turns not ready, and others wait for it', async () => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const chat = await started(mortal, { clock, logger, minRestartMs: 15_000 })
    await expect(ask(chat, 'exit')).rejects.toThrow('exit code 3')
    await has('the program ended')
    const late = failureOf(ask(chat, ''))
    await clock.advance(10_000)
    expect(await late).toMatchObject({
      name: 'ChatError',
      code: 'not_ready',
      message:
        'The program "node" ended with exit code 3, and is started again; the turn waited for 10000 ms.',
    })
    const waiting = Promise.all(['a', 'b'].map((message) => textOf(ask(chat, message))))
    const left = reading(chat, '')
    const nothing = left.next()
    left.abort()
    expect(await nothing).toBeUndefined()
    await clock.advance(5_000)
    expect((await waiting)[0]).toMatch(/^\d+$/)
    expect(clock.timers).toBe(0)
  })

  it('of all processes of a pool has every turn that waits answered, and that once', async () => {
    const clock = createManualClock()
    const log = recording()
    const chat = await started(
      `${mortal}; const answer = on.turn
      on.turn = (turn) => { console.error('told of ' + turn.turn_id); answer(turn) }`,
      { clock, logger: log.logger, processes: 3 },
    )
    await Promise.all([1, 2, 3].map(() => failureOf(ask(chat, 'exit'))))
    await log.has('the program ended', 3)
    const answers = Promise.all(Array.from({ length: 30 }, () => textOf(ask(chat, ''))))
    await clock.advance(100)
    expect((await answers).filter((pid) => /^\d+$/.test(pid))).toHaveLength(30)
    await log.has('the program is ready', 6)
    const told = log.lines.flatMap(({ fields: { line } }) => line ?? [])
    expect(told).toHaveLength(33)
    expect(new Set(told).size).toBe(33)
    expect(clock.timers).toBe(0)
  })

  it('is not made after a stop', async () => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const chat = await started(mortal, { clock, logger })
    await expect(ask(chat, 'exit')).rejects.toThrow('exit code 3')
    await has('the program ended')
    const waiting = failureOf(ask(chat, ''))
    await Promise.resolve()
    await chat.stop?.()
    expect(await waiting).toMatchObject({ code: 'not_ready' })
    expect(clock.timers).toBe(0)
  })
})

describe('a program that goes on without being able to', () => {
  /** A bot in the shell, which can close what it likes. */
  const script = (close: string) => `
    while read -r line; do
      id=\${line#*'"turn_id":"'} id=\${id%%'"'*}
      case $line in
        *'"start"'*) echo '{"type":"ready"}' ;;
        *'"message":"close"'*) ${close}; sleep 1000 ;;
        *'"turn"'*) printf '{"type":"text","turn_id":"%s","text":"fine"}\\n{"type":"end","turn_id":"%s"}\\n' "$id" "$id" ;;
      esac
    done`

  it.each([
    ['say anything, as it closed its stdout,', 'exec 1>&-'],
    [
      'hear anything, as it closed its stdin,',
      `exec 0<&-; printf '{"type":"text","turn_id":"%s","text":"deaf"}\\n' "$id"`,
    ],
  ])('%s is ended after its grace, and started again', async (what, close) => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const chat = await started('', { command: '/bin/sh', args: ['-c', script(close)], clock, logger })
    expect(await textOf(ask(chat, ''))).toBe('fine')
    const reply = reading(chat, 'close')
    const first = reply.next().catch((error: unknown) => error)
    const isDeaf = what.includes('hear')
    const said = isDeaf ? await first : 'deaf'
    expect(said).toBe('deaf')
    // Nobody knows of a closed stdin before something is written to it.
    const lost = isDeaf ? ask(chat, '').catch((error: unknown) => error) : first
    while (clock.timers === 0) await settled()
    await clock.advance(2_500)
    expect(await lost).toMatchObject({
      message: expect.stringContaining('was ended in the middle of the turn'),
    })
    await has('the program was ended by SIGTERM; it is started again')
    await clock.advance(100)
    expect(await textOf(ask(chat, ''))).toBe('fine')
    await reply.leave()
  })
})
