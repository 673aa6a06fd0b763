import { describe, expect, it } from 'vitest'
import { completeLine } from './complete-line.js'
import { readInput } from './read-input.js'
import { sessionNamed } from './switch-session.js'

describe('what is typed at the prompt', () => {
  it.each([
    ['', { kind: 'nothing' }],
    [' \n ', { kind: 'nothing' }],
    [' hi ', { kind: 'message', message: ' hi ' }],
    ['//help', { kind: 'message', message: '/help' }],
    ['/etc/hosts', { kind: 'message', message: '/etc/hosts' }],
    ['/quit\nnow', { kind: 'message', message: '/quit\nnow' }],
    ['/2nd', { kind: 'message', message: '/2nd' }],
    ['/help', { kind: 'command', name: 'help', rest: '' }],
    [' /HELP ', { kind: 'command', name: 'help', rest: '' }],
    ['/?', { kind: 'command', name: 'help', rest: '' }],
    ['/exit', { kind: 'command', name: 'quit', rest: '' }],
    ['/export  my notes.md ', { kind: 'command', name: 'export', rest: 'my notes.md' }],
    ['/swich 2', { kind: 'unknown', word: 'swich', nearest: 'switch' }],
    ['/zzz', { kind: 'unknown', word: 'zzz', nearest: undefined }],
    ['/', { kind: 'unknown', word: '', nearest: undefined }],
  ])('%j', (text, input) => {
    expect(readInput(text)).toEqual(input)
  })
})

describe('what a line could become', () => {
  const completions = {
    sessionIds: async () => ['sess_1a', 'sess_1b', 'sess_2'],
    chats: async () => ['shop', 'help'],
  }

  it.each([
    ['/h', ['/help', '/history']],
    ['/switch ', ['/switch sess_1a', '/switch sess_1b', '/switch sess_2']],
    ['/switch sess_2', ['/switch sess_2']],
    ['/new s', ['/new shop']],
    ['/export s', []],
    ['hello', []],
    ['/help\n/h', []],
  ])('%j', async (line, lines) => {
    expect(await completeLine(line, completions)).toEqual(lines)
  })
})

it.each([
  ['1', 'sess_1a'],
  ['4', undefined],
  ['sess_2', 'sess_2'],
  ['2', 'sess_1b'],
  ['sess_1', undefined],
  ['1a', 'sess_1a'],
  ['sess_other', 'sess_other'],
  ['other', undefined],
])('the session named %j', (word, id) => {
  expect(sessionNamed(word, ['sess_1a', 'sess_1b', 'sess_2'])).toBe(id)
})
