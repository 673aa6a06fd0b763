import { once } from 'node:events'
import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { spawnBin } from '../spawn-bin.fixture.js'
import { noTerminal, startInTerminal } from '../terminal.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'

const echo = 'export default function echo(message: string) { return `You said: ${message}` }\n'

/** A folder with a module that answers. */
const project = () => writeFolder({ 'bot.ts': echo })

/** Ports differ from run to run. A terminal that is narrow may break them. */
const withoutPorts = (screen: string) => screen.replaceAll(/(localhost):\d+(\n\d+)?/g, '$1:PORT')

async function takenPort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  onTestFinished(() => void server.close())
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** A browser that writes down what it is to show. */
function fakeBrowser() {
  const browser = join(writeFolder({ browser: '#!/bin/sh\necho "$1" > "$0.opened"\n' }), 'browser')
  chmodSync(browser, 0o755)
  const file = `${browser}.opened`
  return {
    env: { BROWSER: browser },
    opened: () => (existsSync(file) ? readFileSync(file, 'utf8') : undefined),
  }
}

describe.skipIf(noTerminal !== null)('colloquy serve on a terminal', () => {
  it('shows where it listens and what answers, and nothing else', async () => {
    const terminal = await startInTerminal(['serve', './bot.ts', '--port', '0', '--data-dir', 'data'], {
      cwd: project(),
    })
    const screen = withoutPorts(await terminal.shows('Ctrl-C'))
    expect(screen.replace(/kept in \S*\n?\S*colloquy\.db/, 'kept in FILE')).toMatchInlineSnapshot(`
      "Colloquy is listening on http://localhost:PORT

        answers   echo
        sessions  kept in FILE
        callers   no authentication: only this machine
        docs      http://localhost:PORT/docs
        try       colloquy chat --url http://localhost:PORT
      curl http://localhost:PORT/api/v1/chat -H 'Content-Type: application/json' -d '
      {"message":"Hello"}'
        stop      Ctrl-C"
    `)
    expect(await terminal.colouredScreen()).toContain('\u001b[1mColloquy is listening on')
    await terminal.press('C-c')
    expect(await terminal.exitCode()).toBe(0)
    expect(await terminal.screen()).toMatch(/INFO: stopped$/)
  })

  it('fits itself to 40 columns', async () => {
    const terminal = await startInTerminal(['serve', './bot.ts', '--port', '0'], {
      cwd: project(),
      columns: 40,
    })
    expect(withoutPorts(await terminal.shows('Ctrl-C'))).toMatchInlineSnapshot(`
      "Colloquy is listening on
      http://localhost:PORT

        answers   echo
        sessions  in memory: gone at the end
        callers   no authentication: only this
                  machine
        docs      http://localhost:PORT/docs
        try
      colloquy chat --url http://localhost:PORT
      curl http://localhost:PORT/api/v1/chat
      -H 'Content-Type: application/json' -d '
      {"message":"Hello"}'
        stop      Ctrl-C"
    `)
  })

  it('has no colours with NO_COLOR', async () => {
    const terminal = await startInTerminal(['serve', './bot.ts', '--port', '0'], {
      cwd: project(),
      env: { NO_COLOR: '1' },
    })
    await terminal.shows('Ctrl-C')
    expect(await terminal.colouredScreen()).not.toContain('\u001b[')
  })

  it('tells of each reload in one line, and goes on', async () => {
    const cwd = project()
    const argv = ['serve', './bot.ts', '--port', '0', '--watch']
    const terminal = await startInTerminal(argv, { cwd, columns: 200 })
    expect(await terminal.shows('Ctrl-C')).toContain('watching  what changes is loaded anew')
    writeFileSync(join(cwd, 'bot.ts'), `${echo}// changed\n`)
    await terminal.shows(/\n\[[\d:.]+\] reloaded \S+bot\.ts in \d+ ms$/)
    writeFileSync(join(cwd, 'bot.ts'), 'export default (')
    await terminal.shows(
      /\n\[[\d:.]+\] not reloaded, the one before goes on: \S+bot\.ts could not be loaded: .*$/,
    )
    writeFileSync(join(cwd, 'bot.ts'), echo)
    await terminal.shows(/not reloaded, .*\n\[[\d:.]+\] reloaded \S+bot\.ts in \d+ ms$/)
    await terminal.press('C-c')
    expect(await terminal.exitCode()).toBe(0)
  })

  it('says that the port is taken, and by whom, and takes the next one only when it is told to', async () => {
    const port = await takenPort()
    const argv = ['serve', './bot.ts', '--host', '127.0.0.1', '--port', String(port)]
    const refused = await startInTerminal(argv, { cwd: project(), columns: 200 })
    expect(await refused.exitCode()).toBe(1)
    expect(await refused.screen()).toMatch(
      new RegExp(
        `^Port ${port} on 127\\.0\\.0\\.1 is taken by another program(: node, process ${process.pid})?\\. ` +
          `Choose another: --port ${port + 1}, --next-port for the next free one, or --port 0 for any\\.$`,
      ),
    )
    const taken = await startInTerminal([...argv, '--next-port'], { cwd: project() })
    const screen = await taken.shows('Ctrl-C')
    expect(screen).toContain(`${port} is taken: this is the next free one`)
    const [, next] = /127\.0\.0\.1:(\d+)/.exec(screen) ?? []
    expect(Number(next)).toBeGreaterThan(port)
  })
})

describe('colloquy serve without a terminal', () => {
  it('tells in the log that another port was taken, as it was told to', async () => {
    const port = await takenPort()
    const argv = ['serve', '--host', '127.0.0.1', '--port', String(port), '--next-port']
    const { stdout, kill } = spawnBin(argv)
    onTestFinished(kill)
    const { url } = await stdout.logLine((line) => 'url' in line)
    expect(await stdout.logLine(({ level }) => level === 40)).toMatchObject({ port, url })
  })

  it('opens the documentation with --open', async () => {
    const { opened, env } = fakeBrowser()
    const { stdout, kill } = spawnBin(['serve', '--port', '0', '--open'], { env })
    onTestFinished(kill)
    const { docs } = await stdout.logLine((line) => 'url' in line)
    await expect.poll(opened).toBe(`${String(docs)}\n`)
  })

  it('opens nothing when it is not asked to', async () => {
    const { opened, env } = fakeBrowser()
    const { stdout, child, ended, kill } = spawnBin(['serve', '--port', '0'], { env })
    onTestFinished(kill)
    await stdout.logLine((line) => 'url' in line)
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
    expect(opened()).toBeUndefined()
  })

  it('goes on where nothing can be opened, and says so in one line', async () => {
    const { stdout, child, ended, kill } = spawnBin(['serve', '--port', '0', '--open'], {
      env: { BROWSER: '/no/such/browser' },
    })
    onTestFinished(kill)
    const { docs } = await stdout.logLine((line) => 'url' in line)
    expect(await stdout.logLine(({ level }) => level === 40)).toMatchObject({
      msg: `${String(docs)} was not opened: /no/such/browser is not there`,
    })
    child.kill('SIGTERM')
    expect(await ended).toMatchObject({ exitCode: 0, stderr: '' })
  })
})
