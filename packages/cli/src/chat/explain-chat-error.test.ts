import { ColloquyError, type ColloquyErrorFacts } from '@colloquy/client'
import { describe, expect, it } from 'vitest'
import { explainChatError } from './explain-chat-error.js'

const url = 'http://localhost:8000'
const connection = { url, sentKey: false }
const explain = (facts: Partial<ColloquyErrorFacts>) =>
  explainChatError(new ColloquyError({ code: 'internal_error', detail: 'It failed.', ...facts }), connection)

describe('an error of the client', () => {
  it.each<[Partial<ColloquyErrorFacts>, string]>([
    [
      { code: 'network_error', cause: new TypeError('fetch failed', { cause: systemError('ECONNREFUSED') }) },
      'No server answers at http://localhost:8000. Start one with: colloquy serve',
    ],
    [
      { code: 'network_error', cause: new TypeError('fetch failed', { cause: systemError('ENOTFOUND') }) },
      'The host of http://localhost:8000 is not known. Choose a server with --url or COLLOQUY_URL.',
    ],
    [{ code: 'network_error' }, 'It failed. (http://localhost:8000)'],
    [
      { code: 'network_error', cause: systemError('ECONNRESET') },
      'It failed. (http://localhost:8000, ECONNRESET)',
    ],
    [
      { code: 'unexpected_response', status: 200 },
      'The answer, 200, is that of another program. Is there a Colloquy server at http://localhost:8000?',
    ],
    [
      { code: 'unexpected_response', status: 502 },
      'The answer, 502, is that of a proxy that reaches no server. Is there a Colloquy server at http://localhost:8000?',
    ],
    [{ code: 'overloaded', retryAfter: 3 }, 'It failed. Try again in 3 s.'],
    [{ code: 'unauthenticated' }, 'It failed. None was sent: put yours into the variable COLLOQUY_API_KEY.'],
    [{ detail: 'It \u001b[31mfailed.' }, 'It [31mfailed.'],
  ])('%# says what to do', (facts, message) => {
    expect(explain(facts)).toBe(message)
  })

  it.each<[ColloquyErrorFacts['code'], string, string]>([
    [
      'turn_in_progress',
      'The session is still answering an earlier message. Wait for it, or leave out --session to begin a new one.',
      'The session is still answering an earlier message. Wait for it, or type /new to begin a new session.',
    ],
    [
      'session_not_found',
      'There is no such session; it may have expired. Leave out --session to begin a new one.',
      'There is no such session; it may have expired. Type /new to begin a new session, or /sessions for those there are.',
    ],
  ])('with code %s says how to begin a new session, by flag or at the prompt', (code, byFlag, atPrompt) => {
    const error = new ColloquyError({ code, detail: 'It failed.' })
    expect(explainChatError(error, connection)).toBe(byFlag)
    expect(explainChatError(error, connection, { atPrompt: true })).toBe(atPrompt)
  })

  it('says of a key that was sent that it is not known', () => {
    const error = new ColloquyError({ code: 'unauthenticated', detail: 'It failed.' })
    expect(explainChatError(error, { url, sentKey: true })).toBe(
      `It failed. The key in COLLOQUY_API_KEY is none of those that ${url} knows.`,
    )
  })

  it('is the only error that is explained', () => {
    expect(explainChatError(new Error('a bug'), connection)).toBeUndefined()
  })
})

function systemError(code: string): Error {
  return Object.assign(new Error(code), { code })
}
