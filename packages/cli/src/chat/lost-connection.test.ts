import { join } from 'node:path'
import { expect, it } from 'vitest'
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
