import { EventEmitter } from 'node:events'
import { describe, expect, it } from 'vitest'
import { TextOutput } from '../text-output.fixture.js'
import { showProgress } from './show-progress.js'

const wipe = '\r\u001b[J'

/** A terminal whose width can be changed. */
class Screen extends TextOutput {
  override columns: number

  constructor(columns: number) {
    super({ isTTY: true })
    this.columns = columns
  }
}

/** Such a terminal, with a clock and a process. */
function screenOf(columns = 40) {
  const stderr = new Screen(columns)
  const process = Object.assign(new EventEmitter(), { exit: () => undefined })
  const clock = { now: 0 }
  const progress = showProgress({ stderr, process }, 'Exporting', { now: () => clock.now })
  const take = () => {
    const { text } = stderr
    stderr.text = ''
    return text
  }
  return { stderr, process, clock, progress, take }
}

describe('progress on a terminal', () => {
  it('is seen at once, and then at most ten times a second', () => {
    const { progress, clock, take } = screenOf()
    progress.add(0.1)
    expect(take()).toBe(`${wipe}Exporting  [##------------------]   10%`)
    for (clock.now = 0; clock.now < 99; clock.now += 1) progress.add(0.2)
    expect(take()).toBe('')
    clock.now = 100
    progress.add(0.3)
    expect(take()).toBe(`${wipe}Exporting  [######--------------]   30%`)
  })

  it('leaves the line free, and nothing behind', () => {
    const { progress, process, stderr, take } = screenOf()
    progress.add()
    take()
    progress.clear()
    progress.clear()
    expect(take()).toBe(wipe)
    expect([stderr.listenerCount('resize'), process.listenerCount('exit')]).toEqual([0, 0])
  })

  it('is taken away also when the process ends at once', () => {
    const { progress, process, take } = screenOf()
    progress.add()
    take()
    process.emit('exit')
    expect(take()).toBe(wipe)
  })

  it('fits itself to another width, and takes away all lines into which the terminal has broken it', () => {
    const { progress, stderr, take } = screenOf(40)
    progress.add(0.5)
    expect(take()).toHaveLength(wipe.length + 39)
    stderr.columns = 12
    stderr.emit('resize')
    expect(take()).toBe(`\u001b[3A${wipe}Exporting  `)
    stderr.columns = 100
    stderr.emit('resize')
    expect(take()).toBe(`${wipe}Exporting  [###############---------------]   50%  1 session`)
  })

  it('is nothing where there is no terminal', () => {
    const stderr = new TextOutput()
    const progress = showProgress({ stderr }, 'Exporting')
    progress.add(0.5)
    progress.clear()
    expect(stderr.text).toBe('')
  })
})
