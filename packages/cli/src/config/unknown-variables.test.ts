import { describe, expect, it } from 'vitest'
import { nearestName } from './nearest-name.js'
import { unknownVariables } from './unknown-variables.js'

describe('a variable that begins with COLLOQUY_', () => {
  it('is warned about when nothing reads it, with the name that was meant', () => {
    expect(unknownVariables({ COLLOQUY_PROT: '1', COLLOQUY_SESION_TTL: '1', PATH: '/bin' })).toEqual([
      'The environment variable COLLOQUY_PROT means nothing to this version. Did you mean COLLOQUY_PORT?',
      'The environment variable COLLOQUY_SESION_TTL means nothing to this version. Did you mean COLLOQUY_SESSION_TTL?',
    ])
  })

  it('is warned about without a guess when it is like nothing', () => {
    expect(unknownVariables({ COLLOQUY_QQQQQQ: '1' })).toEqual([
      'The environment variable COLLOQUY_QQQQQQ means nothing to this version.',
    ])
  })

  it('is known when it is a setting, or of the commands that talk to a server', () => {
    const env = { COLLOQUY_PORT: '1', COLLOQUY_URL: 'x', COLLOQUY_API_KEY: 'x', COLLOQUY_GONE: undefined }
    expect(unknownVariables(env)).toEqual([])
  })
})

describe('the nearest name', () => {
  const names = ['PORT', 'HOST', 'SESSION_TTL', 'KEEP_ALIVE']
  it.each([
    ['PROT', 'PORT'],
    ['PORTS', 'PORT'],
    ['HOTS', 'HOST'],
    ['SESSIONTTL', 'SESSION_TTL'],
    ['KEEPALIVE', 'KEEP_ALIVE'],
    ['XYZ', undefined],
    ['', undefined],
  ])('to %j is %j', (given, nearest) => {
    expect(nearestName(given, names)).toBe(nearest)
  })
})
