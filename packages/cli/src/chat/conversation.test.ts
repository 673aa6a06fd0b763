import { describe, expect, it } from 'vitest'
import { noTerminal } from '../terminal.fixture.js'
import { enter, settled, startSteeredServer } from './steered-server.fixture.js'

describe.skipIf(noTerminal !== null)('a conversation in a terminal', () => {
  it('is stopped in the middle of an answer, left, and taken up again', async () => {
    const server = await startSteeredServer()
    const first = await server.chat()
    await first.shows(/^>$/m)
    await enter(first, 'Tell me a story')
    server.give('Once upon a time there was a chair that nobody ', 'wanted to s')
    await first.shows('wanted to s')
    server.give('it on, ')
    await first.shows('sit on,')
    await first.press('C-c')
    await first.shows('stopped')
    await enter(first, 'Go on')
    server.give('It was blue.')
    server.end()
    await first.shows(/blue\.\n\n>/)
    await first.press('C-d')
    expect(await first.exitCode()).toBe(0)
    expect(settled(await first.screen())).toMatchInlineSnapshot(`
      "> Tell me a story
      Once upon a time there was a chair that nobody wanted to
      sit on,
      stopped

      > Go on
      It was blue.

      >
      Go on with: colloquy chat --continue"
    `)

    const second = await server.chat(['--continue'])
    await second.shows('blue.')
    await second.press('Up', 'Up')
    await second.shows('> Tell me a story')
    await second.press('Enter')
    server.give('No.')
    server.end()
    await second.shows('No.')
    await enter(second, '/quit')
    expect(await second.exitCode()).toBe(0)
    expect(settled(await second.screen())).toMatchInlineSnapshot(`
      "> Go on
      It was blue.

      > Tell me a story
      No.

      > /quit
      Go on with: colloquy chat --continue"
    `)
  })
})
