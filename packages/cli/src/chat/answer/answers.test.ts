import { describe, expect, it } from 'vitest'
import { noTerminal, startTerminal, type TestTerminalOptions } from '../../terminal.fixture.js'
import { enter, settled, startSteeredServer } from '../steered-server.fixture.js'

/** A conversation in which an answer is awaited. */
async function asked(options: TestTerminalOptions = {}) {
  const server = await startSteeredServer()
  const terminal = await server.chat([], options)
  await terminal.shows(/^>$/m)
  await enter(terminal, 'ask')
  await terminal.shows(() => server.heard.length === 1)
  return { server, terminal, screen: async () => settled(await terminal.screen()) }
}

describe.skipIf(noTerminal !== null)('an answer in a terminal', () => {
  it('is wrapped at the ends of words, also those that come in pieces, and wide ones', async () => {
    const { server, terminal, screen } = await asked({ columns: 20 })
    server.give(
      'A chair is a pie',
      'ce of furni',
      'ture.\n',
      '椅子は座るための家具です。',
      ' 👩‍💻👩‍💻',
      ' ok',
    )
    server.end()
    await terminal.shows(/ok\n\n>$/)
    expect(await screen()).toBe(
      [
        '> ask',
        'A chair is a piece',
        'of furniture.',
        '椅子は座るための家',
        '具です。 👩‍💻👩‍💻 ok',
        '',
        '>',
      ].join('\n'),
    )
  })

  it('leaves a word that is wider than the screen whole', async () => {
    const { server, terminal, screen } = await asked({ columns: 20 })
    server.give('See https://exam', 'ple.com/a/long/path ', 'there')
    server.end()
    await terminal.shows(/there\n\n>$/)
    expect(await screen()).toBe(
      ['> ask', 'See', 'https://example.com/', 'a/long/path there', '', '>'].join('\n'),
    )
  })

  it('goes on in the new width after a resize', async () => {
    const { server, terminal, screen } = await asked({ columns: 60 })
    server.give('one two three four five six seven ')
    await terminal.shows('seven')
    await terminal.resize(30, 30)
    await terminal.shows(/se\nven/)
    server.give('eight nine ten eleven twelve thirteen fourteen fifteen')
    server.end()
    await terminal.shows(/fifteen\n\n>$/)
    const rows = (await screen()).split('\n')
    expect(rows.join(' ')).toContain('nine ten eleven twelve thirteen fourteen fifteen')
    expect(Math.max(...rows.map((row) => row.length))).toBeLessThanOrEqual(30)
  })

  it('shows a function call in one dim line, how it ended, and then goes on', async () => {
    const { server, terminal, screen } = await asked()
    server.give('Looking. ', {
      type: 'functionCall',
      callId: '1',
      name: 'look',
      arguments: { for: 'x'.repeat(90) },
    })
    await terminal.shows(/· look.*…$/)
    server.give(
      { type: 'functionResult', callId: '1', name: 'look', result: { found: 3 } },
      { type: 'functionCall', callId: '2', name: 'look', arguments: {} },
      { type: 'functionResult', callId: '2', name: 'look', error: 'nothing there' },
      'Done.',
    )
    server.end()
    await terminal.shows(/Done\.\n\n>$/)
    expect((await screen()).replaceAll(/ \(\d\.\d s\)$/gm, '').replaceAll(/x+…/g, 'xxx…')).toBe(
      [
        '> ask',
        'Looking.',
        '· look({"for":"xxx… → {"found":3}',
        '· look() failed: nothing there',
        'Done.',
        '',
        '>',
      ].join('\n'),
    )
    expect(await terminal.colouredScreen()).toContain('\u001b[2m· look(')
  })

  it('shows that it is waited for, until it comes', async () => {
    const { server, terminal, screen } = await asked()
    await terminal.shows(/> ask\n\.+$/)
    server.give('Here.')
    await terminal.shows(/> ask\nHere\.$/)
    server.end()
    await terminal.shows(/Here\.\n\n>$/)
    expect(await screen()).toBe('> ask\nHere.\n\n>')
  })

  it('says so while it waits behind another', async () => {
    const { server, terminal } = await asked()
    const [session] = (await server.manager.sessions.list()).data
    await terminal.press('C-c')
    await terminal.shows('stopped')
    await server.manager.startTurn({ message: 'elsewhere', sessionId: session?.sessionId ?? '' })
    await enter(terminal, 'echo mine')
    await terminal.shows('Another message is answered first.')
    server.end()
    expect(await terminal.shows(/> echo mine\nmine\n\n>$/)).not.toContain('Another message')
  })

  it('that fails says what, and what to do', async () => {
    const { server, terminal } = await asked()
    server.give('So far', { type: 'nonsense' } as never)
    await terminal.shows(/back\.\n\n>$/)
    expect(settled(await terminal.screen())).toBe(
      '> ask\nSo far\nThe chat interface could not answer. Up brings your message\nback.\n\n>',
    )
  })

  it('obeys no escape sequence of what answers', async () => {
    const { server, terminal, screen } = await asked()
    server.give('\u001b]0;owned\u0007\u001b[2Jred')
    server.end()
    await terminal.shows(/red\n\n>$/)
    expect(await screen()).toBe('> ask\n]0;owned[2Jred\n\n>')
  })

  it('is read to its end after Ctrl-D and --continue', async () => {
    const { server, terminal } = await asked()
    server.give('The beginning, ')
    await terminal.shows('beginning')
    await terminal.press('C-d')
    expect(await terminal.exitCode()).toBe(0)
    const again = await server.chat(['--continue'])
    await again.shows('> ask\nThe beginning,')
    server.give('and the end.')
    server.end()
    await again.shows(/> ask\nThe beginning, and the end\.\n\n>$/)
  })

  it('is left by a second Ctrl-C', async () => {
    const { server, terminal } = await asked()
    server.give('on and on')
    await terminal.shows('on and on')
    await terminal.press('C-c', 'C-c')
    expect(await terminal.exitCode()).toBe(0)
  })
})

describe.skipIf(noTerminal !== null)('a terminal that can do less', () => {
  it('has no colours with NO_COLOR', async () => {
    const { server, terminal } = await asked({ env: { NO_COLOR: '1' } })
    server.give({ type: 'functionCall', callId: '1', name: 'look', arguments: {} }, 'Done.')
    server.end()
    await terminal.shows(/Done\.\n· look\(\)\n\n>$/)
    expect(await terminal.colouredScreen()).not.toContain('\u001b')
  })

  it('that is dumb gets plain lines, in which Ctrl-C stops and leaves as well', async () => {
    const server = await startSteeredServer()
    const dumb = await startTerminal(`TERM=dumb exec colloquy chat --url ${server.url}`, { columns: 70 })
    await dumb.shows(/^>$/m)
    await dumb.type('echo one\\')
    await dumb.press('Enter')
    await dumb.shows(/^\.$/m)
    await enter(dumb, 'two')
    await dumb.shows(/^two\n\n>$/m)
    await enter(dumb, 'ask')
    server.give('So far')
    await dumb.shows('So far')
    await dumb.press('C-c')
    await dumb.shows('stopped')
    await dumb.press('C-c')
    expect(await dumb.exitCode()).toBe(0)
    expect(settled(await dumb.screen())).toMatchInlineSnapshot(`
      "> echo one\\
      . two
      one
      two

      > ask
      So far^C
      stopped

      Ctrl-C again, or Ctrl-D, to leave
      > ^C
      Go on with: colloquy chat --url http://HOST --continue"
    `)
  })
})
