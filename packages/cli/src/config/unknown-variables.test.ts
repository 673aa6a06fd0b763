import { describe, expect, it } from 'vitest'
import { nearestName } from './nearest-name.js'
import { unknownVariables } from './unknown-variables.js'

/** What is told of variables of these names. */
const warnings = (names: readonly string[], file?: string) =>
  unknownVariables(
    new Map(names.map((name) => [name, { value: 'x', ...(file === undefined ? {} : { file }) }])),
  )

describe('a variable that begins with COLLOQUY_', () => {
  it('is warned about when nothing reads it, with the name that was meant', () => {
    expect(warnings(['COLLOQUY_PROT', 'COLLOQUY_SESION_TTL', 'PATH'])).toEqual([
      'The environment variable COLLOQUY_PROT means nothing to this version. Did you mean COLLOQUY_PORT?',
      'The environment variable COLLOQUY_SESION_TTL means nothing to this version. Did you mean COLLOQUY_SESSION_TTL?',
    ])
  })

  it('is warned about without a guess when it is like nothing', () => {
    expect(warnings(['COLLOQUY_QQQQQQ'])).toEqual([
      'The environment variable COLLOQUY_QQQQQQ means nothing to this version.',
    ])
  })

  it('is known when it is a setting, or of the commands that talk to a server', () => {
    const names = [
      'COLLOQUY_PORT',
      'COLLOQUY_API_KEYS',
      'COLLOQUY_CONFIG',
      'COLLOQUY_URL',
      'COLLOQUY_API_KEY',
    ]
    expect(warnings(names)).toEqual([])
  })

  it('is told with its file, when it is from one', () => {
    expect(warnings(['COLLOQUY_HOTS'], '.env')).toEqual([
      'The variable COLLOQUY_HOTS in .env means nothing to this version. Did you mean COLLOQUY_HOST?',
    ])
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
