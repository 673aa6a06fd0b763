import { isDeepStrictEqual } from 'node:util'
import type { JsonValue } from '@colloquy/contract'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { fingerprintOf } from './fingerprint.js'

/** The same value with the members of its objects the other way round. */
function turnedRound(value: JsonValue): JsonValue {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item: JsonValue) => turnedRound(item))
  const members = Object.entries(value).map(([name, member]) => [name, turnedRound(member)] as const)
  return Object.fromEntries(members.toReversed())
}

const jsonValue = fc.jsonValue() as fc.Arbitrary<JsonValue>

it('a fingerprint is that of a JSON value: 64 hexadecimal digits, whatever the order of its members', () => {
  fc.assert(
    fc.property(jsonValue, (value) => {
      const fingerprint = fingerprintOf(value)
      expect(fingerprint).toMatch(/^[0-9a-f]{64}$/)
      expect(fingerprintOf(turnedRound(value))).toBe(fingerprint)
    }),
  )
})

it('a fingerprint is another one for another value', () => {
  fc.assert(
    fc.property(jsonValue, jsonValue, (one, other) => {
      fc.pre(!isDeepStrictEqual(one, other))
      expect(fingerprintOf(one)).not.toBe(fingerprintOf(other))
    }),
  )
})

it.each<[JsonValue, JsonValue]>([
  [{ a: 1 }, { a: '1' }],
  [{ a: null }, {}],
  [
    ['a', 'b'],
    ['b', 'a'],
  ],
  [{ a: { b: 1 } }, { 'a.b': 1 }],
  [{ a: '","b":"' }, { a: '', b: '' }],
])('%j and %j have two fingerprints', (one, other) => {
  expect(fingerprintOf(one)).not.toBe(fingerprintOf(other))
})

it('a value has the fingerprint that RFC 8785 makes of it', () => {
  // SHA-256 of {"1":[],"€":null,"😀":-0.001,"\ufb33":"\n"}, with U+FB33 as it is, reckoned by another program.
  const value = { '\ufb33': '\n', '😀': -1e-3, '1': [], '€': null }
  expect(fingerprintOf(value)).toBe('47e55aa9253336ecf7f4617af93306110b25c8f261dbd0ea2380d121487877ef')
})
