import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { displayWidth } from '../output/display-width.js'
import { startSessionServer } from '../session-server.fixture.js'
import { noTerminal, startInTerminal, startTerminal } from '../terminal.fixture.js'

const linesOf = (screen: string) => screen.split('\n')

/** Stands before a server, and never answers when it is asked for a second page. Resolves with its URL. */
async function withoutSecondPage(url: string): Promise<string> {
  const pass = async ({ url: path }: IncomingMessage, response: ServerResponse) => {
    if (path?.includes('cursor=')) return
    const answer = await fetch(`${url}${path}`)
    response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(await answer.text())
  }
  const server = createServer((request, response) => void pass(request, response))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

describe.skipIf(noTerminal !== null)('colloquy sessions list, on a terminal', () => {
  it('has all its columns where there is room, and fewer after a resize, never wrapped', async () => {
    const { url, addSession, addBusySession } = await startSessionServer()
    const ids = new Set([await addSession('Hello'), (await addBusySession()).sessionId])
    const list = `colloquy sessions list --url ${url}`
    const terminal = await startTerminal(`${list}; read key; clear; ${list}; read key; clear; ${list}`)
    const rowsOf = async (...titles: string[]) => {
      const isDrawn = (screen: string) =>
        linesOf(screen).length === 3 && linesOf(screen)[0]?.split(/ +/).join(' ') === titles.join(' ')
      const rows = linesOf(await terminal.shows(isDrawn)).slice(1)
      expect(new Set(rows.map((row) => row.split(' ')[0]))).toEqual(ids)
      return rows
    }
    const wide = await rowsOf('SESSION', 'ACTIVE', 'MESSAGES', 'EXPIRES', 'TURN')
    expect(wide.some((row) => row.endsWith(' running'))).toBe(true)
    await terminal.resize(58, 24)
    await terminal.press('Enter')
    await rowsOf('SESSION', 'ACTIVE', 'MESSAGES')
    await terminal.resize(40, 24)
    await terminal.press('Enter')
    expect(new Set(await rowsOf('SESSION'))).toEqual(ids)
    expect(await terminal.exitCode()).toBe(0)
  })

  it('is coloured, unless NO_COLOR is set', async () => {
    const { url, addBusySession } = await startSessionServer()
    await addBusySession()
    const coloursWith = async (env: Record<string, string>) => {
      const terminal = await startInTerminal(['sessions', 'list', '--url', url], { env })
      await terminal.shows('running')
      return terminal.colouredScreen()
    }
    const coloured = await coloursWith({})
    expect(coloured.startsWith('\u001b[2mSESSION ')).toBe(true)
    expect(coloured).toContain('\u001b[32mrunning')
    expect(await coloursWith({ NO_COLOR: '1' })).not.toContain('\u001b')
    expect(await coloursWith({ TERM: 'dumb' })).not.toContain('\u001b')
  })

  it('is whole and without colours in a pipe, however narrow the terminal is', async () => {
    const { url, addBusySession } = await startSessionServer()
    const { sessionId } = await addBusySession()
    const terminal = await startTerminal(`colloquy sessions list --url ${url} | cut -c 39-`, { columns: 40 })
    await terminal.shows('running')
    expect(await terminal.screen()).toMatch(/^ ?ACTIVE +MESSAGES +EXPIRES +TURN\n/)
    expect(await terminal.screen()).not.toContain(sessionId)
    expect(await terminal.colouredScreen()).not.toContain('\u001b')
  })

  it('stops with Ctrl-C while it comes, and ends with 130', async () => {
    const { url, addSession } = await startSessionServer()
    for (let count = 0; count < 201; count += 1) await addSession()
    const argv = ['sessions', 'list', '--all', '--url', await withoutSecondPage(url)]
    const terminal = await startInTerminal(argv)
    await terminal.shows((screen) => linesOf(screen).length >= 20)
    await terminal.press('C-c')
    expect(await terminal.exitCode()).toBe(130)
  })
})

describe.skipIf(noTerminal !== null)('a long list whose reader leaves', () => {
  it.each([
    ['sessions list --all', /^SESSION /],
    ['sessions list --all --json', /^\[$/],
    ['sessions messages ID --all', /^user /],
  ])('ends with 0 and no error: colloquy %s | head -1', async (command, firstLine) => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession(...Array.from({ length: 300 }, () => 'x'.repeat(1_000)))
    for (let count = 0; count < 1_000; count += 1) await addSession()
    const line = `{ colloquy ${command.replace('ID', id)} --url ${url}; echo "ended with $?" >&2; } | head -1`
    const terminal = await startTerminal(line)
    const screen = await terminal.shows('ended with')
    expect(await terminal.exitCode()).toBe(0)
    expect(linesOf(screen)).toEqual([expect.stringMatching(firstLine), 'ended with 0'])
  })
})

describe.skipIf(noTerminal !== null)('other commands, on a terminal', () => {
  it('health fits its table to the width, also with wide characters', async () => {
    const { url } = await startSessionServer({
      health: () => ({ 椅子の在庫データベース: { status: 'degraded', detail: '🪑 '.repeat(40) } }),
    })
    const terminal = await startInTerminal(['health', '--url', url], { columns: 40 })
    expect(await terminal.exitCode()).toBe(0)
    const [, , ...table] = linesOf(await terminal.screen())
    expect(table.map((line) => line.split(' ')[0])).toEqual([
      'COMPONENT',
      'store',
      'chat',
      expect.stringMatching(/^椅子/),
    ])
    for (const line of table) expect(displayWidth(line)).toBeLessThanOrEqual(40)
    expect(table[3]).toMatch(/ degraded +🪑.*…/)
  })

  it('health --wait stops with Ctrl-C, and ends with 130', async () => {
    const { url, server } = await startSessionServer()
    await server.close()
    const terminal = await startInTerminal(['health', '--wait', '60', '--url', url])
    await terminal.shows(`Waiting for ${url} …`)
    await terminal.press('C-c')
    expect(await terminal.exitCode()).toBe(130)
  })

  it('sessions messages shows a conversation, its functions dim', async () => {
    const { url, addSession } = await startSessionServer()
    const argv = ['sessions', 'messages', '--url', url, await addSession('call')]
    const terminal = await startInTerminal(argv, { columns: 40 })
    expect(await terminal.exitCode()).toBe(0)
    const screen = (await terminal.screen()).replaceAll(/\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g, 'TIME')
    expect(linesOf(screen)).toEqual([
      'user TIME',
      'call',
      '',
      'assistant TIME',
      '· look({"at":"chairs"}) → ["Alva","Dori…',
      `· look({"at":"${'x'.repeat(25)}…`,
      'You said: call',
    ])
    const [, dim = ''] = (await terminal.colouredScreen()).split('assistant')
    expect(dim.indexOf('\u001b[2m')).toBeLessThan(dim.indexOf('· look('))
    expect(dim.indexOf('\u001b[0m')).toBeGreaterThan(dim.indexOf('· look('))
  })

  it('sessions delete asks, and is left with Ctrl-C without deleting, which is 130', async () => {
    const { url, addSession } = await startSessionServer()
    const id = await addSession()
    const argv = ['sessions', 'delete', id, '--url', url]
    const left = await startInTerminal(argv)
    await left.shows('[y/N]')
    await left.press('C-c')
    expect(await left.exitCode()).toBe(130)
    expect(await left.screen()).toContain('Nothing was deleted.')
    const terminal = await startInTerminal(argv)
    await terminal.shows('[y/N]')
    await terminal.type('y')
    await terminal.press('Enter')
    expect(await terminal.exitCode()).toBe(0)
    expect(await terminal.screen()).toContain('Deleted 1 session.')
  })

  it('a mistyped command is told in two lines', async () => {
    const terminal = await startInTerminal(['sessions', 'lst'])
    expect(await terminal.exitCode()).toBe(2)
    expect(linesOf(await terminal.screen())).toEqual([
      "error: unknown command 'lst'",
      '(Did you mean list?)',
      'See: colloquy sessions --help',
    ])
  })
})
