import { describe, expect, it, vi } from 'vitest'
import { ChatError, isSessionError, SessionError } from './index.js'

describe('an error of the session manager', () => {
  it('is known, also when another copy of this package made it', async () => {
    vi.resetModules()
    const copy = await import('./index.js')
    const error = new copy.SessionError('not_ready', 'The store could not be started.', {
      component: 'store',
    })
    expect(error).not.toBeInstanceOf(SessionError)
    expect(isSessionError(error)).toBe(true)
    expect(isSessionError(new SessionError('shutting_down', 'Closing.'))).toBe(true)
  })

  it.each([
    ['an error of a chat interface', new ChatError('not_ready', 'Loading.')],
    ['any other error', Object.assign(new Error('no'), { code: 'not_ready', faults: [] })],
    ['what only looks like one', { name: 'SessionError', code: 'not_ready', faults: [] }],
    ['nothing', undefined],
  ])('is not %s', (_what, thrown) => {
    expect(isSessionError(thrown)).toBe(false)
  })
})
