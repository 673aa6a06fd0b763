import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { testChatInterface } from '@colloquy/session/testing'
import { afterAll, beforeAll, describe, it } from 'vitest'
import { fromColloquy, fromHttp } from './index.js'
import { launchRemote, type RemoteServer } from './remote-server.fixture.js'
import { frame } from './running-service.fixture.js'

const scenarios = {
  message: 'Hello',
  longMessage: 'many',
  endlessMessage: 'endless',
  failingMessage: 'fail upstream_failed',
  callingMessage: 'everything',
}

/** What the remote server of these tests says to the same messages, as far as the suite wants to know. */
async function answer(message: string, res: ServerResponse): Promise<void> {
  res.writeHead(200, { 'Content-Type': 'text/event-stream' })
  const send = (event: string, data: object) => res.write(frame(event, data))
  const call = { call_id: '1', name: 'find' }
  switch (message) {
    case 'many':
      for (let n = 0; n < 500; n += 1) send('text.delta', { text: `${n} ` })
      break
    case 'endless':
      while (!res.destroyed) {
        send('text.delta', { text: 'more ' })
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      return
    case 'silent':
      send('text.delta', { text: 'well' })
      return
    case 'fail upstream_failed':
      send('error', { code: 'upstream_failed' })
      return void res.end()
    case 'everything':
      send('function.called', { ...call, arguments: {} })
      send('function.returned', { ...call, result: null })
      send('text.delta', { text: 'Found.' })
      break
    default:
      send('text.delta', { text: message })
  }
  send('done', { state: { heard: message }, usage: { input_tokens: 1, output_tokens: 1 } })
  res.end()
}

describe('fromHttp', () => {
  const server = createServer((req, res) => {
    void json(req)
      .then((asked) => answer((asked as { readonly message: string }).message, res))
      .catch(() => res.destroy())
  })
  beforeAll(() => new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening)))
  afterAll(() => {
    server.closeAllConnections()
    server.close()
  })
  const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
  const create = () => fromHttp({ url: url() })
  testChatInterface({ describe, it }, 'an HTTP service', create, scenarios)
  testChatInterface({ describe, it }, 'one that falls silent', create, { endlessMessage: 'silent' })
})

describe('fromColloquy', () => {
  let remote: RemoteServer
  beforeAll(async () => {
    remote = await launchRemote()
  })
  afterAll(() => remote.kill())
  const create = () => fromColloquy({ baseUrl: remote.url })
  testChatInterface({ describe, it }, 'another Colloquy server', create, scenarios)
  testChatInterface({ describe, it }, 'one that falls silent', create, { endlessMessage: 'gate never' })
})
