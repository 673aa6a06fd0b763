import { describe, expect, it } from 'vitest'
import { AnswerParser } from './answer-parser.ts'
import { type Answer, WholeAnswer } from './ask.ts'

function parse(...pieces: readonly string[]): Answer[] {
  const answers: Answer[] = []
  const reader = new WholeAnswer(
    (answer) => answers.push(answer),
    () => {},
  )
  const parser = new AnswerParser(() => reader)
  for (const piece of pieces) parser.feed(piece)
  return answers
}

const withLength = 'HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 5\r\n\r\nhello'
const inChunks =
  'HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\nA\r\nlo, there.\r\n0\r\n\r\n'

describe('the answers of a connection', () => {
  it('are read when they say their length', () => {
    expect(parse(withLength)).toEqual([
      { status: 200, head: 'HTTP/1.1 200 OK\r\nDate: today\r\nContent-Length: 5', body: 'hello' },
    ])
  })

  it('are read when they come in chunks', () => {
    expect(parse(inChunks)).toMatchObject([{ status: 201, body: 'hello, there.' }])
  })

  it('are read wherever they are cut', () => {
    const whole = `${inChunks}${withLength}HTTP/1.1 204 No Content\r\nDate: today\r\n\r\n${withLength}`
    const bodies = ['hello, there.', 'hello', '', 'hello']
    for (let at = 1; at < whole.length; at += 1) {
      expect(parse(whole.slice(0, at), whole.slice(at)).map(({ body }) => body)).toEqual(bodies)
    }
    expect(parse(...whole.split('')).map(({ body }) => body)).toEqual(bodies)
  })

  it('may be empty', () => {
    expect(parse('HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n')).toMatchObject([{ status: 200, body: '' }])
  })

  it.each([
    ['what is no HTTP', 'SSH-2.0-server\r\n\r\n', 'This is no answer: "SSH-2.0-server".'],
    ['a status that says to wait', 'HTTP/1.1 100 Continue\r\n\r\n', 'This is no answer'],
    ['one without a length', 'HTTP/1.1 200 OK\r\n\r\nhello', 'neither how long it is nor'],
    ['a chunk without a size', inChunks.replace('3\r\n', 'x\r\n'), 'This is no size of a chunk: "x".'],
    ['a chunk that is longer than it says', inChunks.replace('3\r\n', '2\r\n'), 'longer than it says'],
  ])('are refused: %s', (_, text, message) => {
    expect(() => parse(text)).toThrow(message)
  })
})
