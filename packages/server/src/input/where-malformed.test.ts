import { describe, expect, it } from 'vitest'
import { echo, startServer } from '../server.fixture.js'

const incomplete = 'The body ends before its JSON is complete.'
const at = (character: number, line = 1, column = character + 1) =>
  `The body is not valid JSON at character ${character} (line ${line}, column ${column}).`

describe('malformed JSON', () => {
  it.each([
    ['{', incomplete],
    ['{"message":', incomplete],
    ['{"message":"secret', incomplete],
    ['{"message":"secret\\', incomplete],
    ['[[[', incomplete],
    ['tru', incomplete],
    ['-', incomplete],
    ['1.', incomplete],
    ['secret', at(0)],
    ['NaN', at(0)],
    ['undefined', at(0)],
    ['.5', at(0)],
    ['+1', at(0)],
    ['01', at(1)],
    ['0x10', at(1)],
    [',', at(0)],
    ['[1,]', at(3)],
    ['[1,,2]', at(3)],
    ['[1 2]', at(3)],
    ['{"message":}', at(11)],
    ['{"message" "secret"}', at(11)],
    ['{message:"secret"}', at(1)],
    ["{'message':'secret'}", at(1)],
    ['{"message":"secret",}', at(20)],
    ['{"message":"secret"}{}', at(20)],
    ['{"message":"secret"}\n\nsecret', at(22, 3, 1)],
    ['{\n  "message": "a\tb"\n}', at(17, 2, 16)],
    ['{\r\n  "message": secret\r\n}', at(16, 2, 14)],
    ['// a comment\n{}', at(0)],
    ['{"message":"in JSON at position 99 (line 9 column 9)"', incomplete],
    ['secret in JSON at position 99', at(0)],
    ['"\\x"', at(2)],
    ['"\\u12"', at(5)],
  ])('%j is refused with its place, and without a word of it', async (text, detail) => {
    const { post } = await startServer(echo)
    const response = await post('/api/v1/chat', text)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ code: 'malformed_json', detail })
  })
})
