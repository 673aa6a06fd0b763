import { describe, expect, it } from 'vitest'
import { startSteered } from './steered-server.fixture.js'

/** What means something in an event stream, in JSON, in lines or in Unicode, and something that means nothing. */
const characters = Array.from('\n\r\0\u2028\u2029\u0085\uFEFF\\": a🪑')
const fields = [
  'data: ',
  'id: 7\n',
  'event: turn.completed\n',
  'retry: 1\n',
  ': comment\n',
  '\n\n',
  '\\n',
  '\\u0000',
]
const parts = [...characters, '\ud800', '\udc00', ...fields]

/** Every text of one and of two of them, and some of three. */
const texts = parts.flatMap((a) => {
  const pairs = parts.map((b) => a + b)
  return [a, ...pairs, ...pairs.flatMap((pair) => ['\n', '\r', '\ud800', 'a'].map((c) => pair + c))]
})

describe('any text', () => {
  it('comes to the client as the chat interface said it, whole and as a stream', async () => {
    const server = await startSteered()
    for (let from = 0; from < texts.length; from += 500) {
      const said = texts.slice(from, from + 500)
      const message = `say ${JSON.stringify(said)}`
      const data: unknown[] = []
      let text = ''
      let end: unknown
      for await (const event of server.client.stream(message)) {
        if (event.type === 'data') data.push(event.data.data)
        else if (event.type === 'text.delta') text += event.data.text
        else if (event.type === 'turn.completed') end = event.data.content
      }
      expect(data).toEqual(said)
      expect(text).toBe(said.join(''))
      expect(end).toBe(said.join(''))
      const whole = await server.say(message)
      expect(whole.content).toBe(said.join(''))
      const { data: kept } = await server.client.session(whole.session_id).messages()
      expect(kept.map(({ content }) => content)).toEqual([message, said.join('')])
    }
    await server.end()
  })
})
