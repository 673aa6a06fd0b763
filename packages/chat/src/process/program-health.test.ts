import { createManualClock } from '@colloquy/session/testing'
import { describe, expect, it } from 'vitest'
import { ask, bot, recording, settled, started } from './bot.fixture.js'
import { fromProcess } from './index.js'

/** Answers health lines with what the program says `health` is. */
const answering = (health: string) => `
  on.start = () => say('ready', { health: true })
  on.health = ({ id }) => { ${health} }`

describe('the health of a program', () => {
  it('that promised nothing is healthy as long as it runs', async () => {
    const chat = await started("on.health = () => console.log('nobody asks me')")
    expect(await chat.health?.()).toEqual({ process: { status: 'healthy' } })
  })

  it('is what it says of its parts', async () => {
    const components = {
      model: { status: 'degraded', detail: 'slow', more: 1 },
      disk: { status: 'healthy' },
      process: { status: 'unhealthy' },
    }
    const chat = await started(answering(`say('health', { id, components: ${JSON.stringify(components)} })`))
    expect(await chat.health?.()).toEqual({
      model: { status: 'degraded', detail: 'slow' },
      disk: { status: 'healthy' },
      process: { status: 'healthy' },
    })
  })

  it.each([
    "{ id, components: { model: 'fine' } }",
    '{ id, components: [] }',
    "{ id, components: { model: { status: 'ok' } } }",
    '{ id }',
  ])('that is no report is bad: %s', async (answer) => {
    const chat = await started(answering(`say('health', ${answer})`))
    expect(await chat.health?.()).toEqual({
      process: { status: 'unhealthy', detail: 'it gave no health report' },
    })
  })

  it('comes late, for all that have asked', async () => {
    const chat = await started(
      answering(
        "ids.push(id); if (ids.length === 3) say('health', { id: ids[1], components: { n: { status: 'healthy' } } })",
      ).concat('; const ids = []'),
    )
    const both = [chat.health?.(), chat.health?.()]
    await settled()
    const third = chat.health?.()
    const healthy = { n: { status: 'healthy' }, process: { status: 'healthy' } }
    expect(await Promise.all([...both, third])).toEqual([healthy, healthy, healthy])
  })

  it('is not known any more when the program ends', async () => {
    const { logger, has } = recording()
    const clock = createManualClock()
    const chat = await started(answering('process.exit(1)'), { clock, logger })
    await chat.health?.()
    await has('the program ended')
    expect(await chat.health?.()).toEqual({
      process: { status: 'unhealthy', detail: 'it ended with exit code 1, and is started again' },
    })
    await clock.advance(100)
    await has('the program is ready', 2)
  })

  it('is unhealthy before it was started and after it was stopped', async () => {
    const chat = fromProcess(bot())
    expect(await chat.health?.()).toMatchObject({ process: { status: 'unhealthy' } })
    await chat.start?.()
    await chat.stop?.()
    expect(await chat.health?.()).toMatchObject({
      process: { status: 'unhealthy', detail: 'it was stopped' },
    })
  })

  it('of several is that of the worst part, and degraded while some do not run', async () => {
    const clock = createManualClock()
    const { logger, has } = recording()
    const chat = await started(
      `${answering(`say('health', { id, components: { n: { status: 'healthy' } } })`)}
      on.turn = () => { process.exitCode = 5; process.stdin.destroy() }`,
      { processes: 3, clock, logger },
    )
    expect(await chat.health?.()).toEqual({ n: { status: 'healthy' }, process: { status: 'healthy' } })
    await expect(ask(chat, '')).rejects.toThrow('exit code 5')
    await has('the program ended')
    expect(await chat.health?.()).toMatchObject({
      process: { status: 'degraded', detail: '2 of 3 run; one ended with exit code 5, and is started again' },
    })
  })
})
