import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { type BinProcess, spawnBin } from '../spawn-bin.fixture.js'
import { noTerminal, startInTerminal } from '../terminal.fixture.js'
import { writeFolder } from '../write-folder.fixture.js'
import { enter, settled } from './steered-server.fixture.js'

const hangs = `export default async function* (message) {
  if (message !== 'hang') return yield 'You said: ' + message
  yield 'The first half'
  await new Promise(() => {})
}`

/** Starts a server whose sessions stay in a folder. */
async function serveIn(folder: string, port: string): Promise<{ server: BinProcess; port: string }> {
  const data = ['--data-dir', join(folder, 'data')]
  const server = spawnBin(['serve', join(folder, 'bot.mjs'), '--host', '127.0.0.1', '--port', port, ...data])
  const log = await server.stdout.until((text) => text.includes('"ready":true'))
  return { server, port: /"url":"http:\/\/[^:]+:(\d+)"/.exec(log)?.[1] ?? '' }
}

it.skipIf(noTerminal !== null)(
  'a server that is killed in an answer and comes back is read on, and one that is gone loses no message',
  async () => {
    const folder = writeFolder({ 'bot.mjs': hangs })
    const { server: first, port } = await serveIn(folder, '0')
    const terminal = await startInTerminal(['chat', '--url', `127.0.0.1:${port}`], { columns: 80 })
    await terminal.shows(/^>$/m)
    await enter(terminal, 'hang')
    await terminal.shows('The first half')
    first.kill()
    await terminal.shows(/The first half\nConnection lost, reconnecting…$/)
    const { server: second } = await serveIn(folder, port)
    await terminal.shows(/\n\n>$/)
    second.kill()
    await second.ended
    await enter(terminal, 'hello again')
    await terminal.shows(/colloquy serve\n> hello again$/)
    const { server: third } = await serveIn(folder, port)
    await terminal.press('Enter')
    await terminal.shows(/You said: hello again\n\n>$/)
    third.kill()
    expect(settled(await terminal.screen())).toMatchInlineSnapshot(`
      "> hang
      The first half
      The answer was interrupted, because the server had ended. Ask again. Up brings
      your message back.

      > hello again
      No server answers at http://HOST. Start one with: colloquy serve
      > hello again
      You said: hello again

      >"
    `)
  },
)

it('a script is told on stderr that its server is lost, once, and the answer has nothing of it', async () => {
  const folder = writeFolder({ 'bot.mjs': hangs })
  const { server, port } = await serveIn(folder, '0')
  const { child, stdout, stderr, ended } = spawnBin(['chat', '--url', `127.0.0.1:${port}`, 'hang'])
  await stdout.until((text) => text === 'The first half')
  server.kill()
  await stderr.until((text) => text === 'Connection lost, reconnecting…\n')
  child.kill('SIGINT')
  expect(await ended).toMatchObject({ exitCode: 130, stdout: 'The first half\n' })
})

it.skipIf(noTerminal !== null)('a command that a server does not answer is stopped with Ctrl-C', async () => {
  const status = { name: 'colloquy', chat: { name: 'mute', available_functions: [] }, chats: [] }
  let isAnswering = true
  const server = createServer((_request, response) => {
    if (!isAnswering) return
    isAnswering = false
    response
      .writeHead(200, { 'Content-Type': 'application/json' })
      .end(JSON.stringify({ ...wholeStatus, ...status }))
  }).listen(0, '127.0.0.1')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const terminal = await startInTerminal(['chat', '--url', `127.0.0.1:${port}`])
  await terminal.shows(/^>$/m)
  await enter(terminal, '/sessions')
  await terminal.press('C-c')
  await terminal.shows(/> \/sessions\nstopped\n>$/)
  await terminal.press('C-d')
  expect(await terminal.exitCode()).toBe(0)
})

const wholeStatus = {
  version: '1',
  ready: true,
  uptime_seconds: 1,
  session_count: 0,
  turns: { running: 0, queued: 0 },
  components: {},
  store: { kind: 'memory' },
  process: { memory_rss_bytes: 1, node_version: '1', pid: 1 },
}
