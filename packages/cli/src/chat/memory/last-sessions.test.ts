import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { writeFolder } from '../../write-folder.fixture.js'
import { lastSession, rememberSession } from './last-sessions.js'
import { stateFile } from './state-file.js'

describe('the last sessions', () => {
  it('are kept by their servers, in a file for its owner only', async () => {
    const file = join(writeFolder({}), 'a', 'sessions.json')
    expect(await lastSession(file, 'http://a')).toBeUndefined()
    expect(await rememberSession(file, { server: 'http://a', session_id: 'sess_1' })).toBe(true)
    await rememberSession(file, { server: 'http://b', session_id: 'sess_2' })
    await rememberSession(file, { server: 'http://a', session_id: 'sess_3' })
    expect(await lastSession(file, 'http://a')).toBe('sess_3')
    expect(await lastSession(file, 'http://b')).toBe('sess_2')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(JSON.parse(readFileSync(file, 'utf8'))).toEqual({
      sessions: [
        { server: 'http://a', session_id: 'sess_3' },
        { server: 'http://b', session_id: 'sess_2' },
      ],
    })
  })

  it('are those of the latest servers', async () => {
    const file = join(writeFolder({}), 'sessions.json')
    for (let n = 0; n < 52; n += 1)
      await rememberSession(file, { server: `http://${n}`, session_id: `sess_${n}` })
    expect(await lastSession(file, 'http://1')).toBeUndefined()
    expect(await lastSession(file, 'http://2')).toBe('sess_2')
  })

  it.each(['', 'no JSON', '[]', '{"sessions":[1,{"server":2}]}'])(
    'are none in a file of %j',
    async (text) => {
      const file = join(writeFolder({}), 'sessions.json')
      writeFileSync(file, text)
      expect(await lastSession(file, 'http://a')).toBeUndefined()
      expect(await rememberSession(file, { server: 'http://a', session_id: 'sess_1' })).toBe(true)
      expect(await lastSession(file, 'http://a')).toBe('sess_1')
    },
  )

  it('are not kept where nothing can be, which is no fault', async () => {
    expect(await rememberSession(undefined, { server: 'a', session_id: 'b' })).toBe(false)
    const folder = writeFolder({ file: '' })
    expect(
      await rememberSession(join(folder, 'file', 'sessions.json'), { server: 'a', session_id: 'b' }),
    ).toBe(false)
  })
})

it.each([
  [{ HOME: '/home/a' }, 'linux', '/home/a/.local/state/colloquy/sessions.json'],
  [{ HOME: '/home/a', XDG_STATE_HOME: '/state' }, 'linux', '/state/colloquy/sessions.json'],
  [{ HOME: '/home/a', XDG_STATE_HOME: 'state' }, 'linux', '/home/a/.local/state/colloquy/sessions.json'],
  [{}, 'linux', undefined],
  [{ HOME: '/home/a' }, 'win32', undefined],
] as const)('with %j on %s, they are in %s', (env, platform, file) => {
  expect(stateFile(env, platform)).toBe(file)
})
