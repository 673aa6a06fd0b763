import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { createApiKey, createApiKeys, hashApiKey, readApiKeyEntry, writeApiKeyEntry } from '../index.js'

// The SHA-256 of "abc" (FIPS 180-4, its first example).
const hash = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'

describe('an entry for an API key', () => {
  it('is a name and the SHA-256 of the key', () => {
    expect(hashApiKey('abc')).toBe(hash)
    expect(readApiKeyEntry(`web-shop:${hash}`)).toEqual({ name: 'web-shop', hash })
  })

  it('may have its digits in capitals, and blanks around it', () => {
    expect(readApiKeyEntry(`  a.B_9-:${hash.toUpperCase()}\r\n`)).toEqual({ name: 'a.B_9-', hash })
  })

  it('is read as it was written', () => {
    const entry = { name: 'x'.repeat(64), hash }
    expect(readApiKeyEntry(writeApiKeyEntry(entry))).toEqual(entry)
  })

  it.each([
    '',
    'web-shop',
    hash,
    `:${hash}`,
    `${'x'.repeat(65)}:${hash}`,
    `two words:${hash}`,
    `a:b:${hash}`,
    `a: ${hash}`,
    `ä:${hash}`,
    `a:${hash.slice(1)}`,
    `clq_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY:${hash}`,
    `a:${hash}0`,
    `a:${hash.slice(1)}g`,
    `a:${hash},b:${hash}`,
    `a:${hash}\nb:${hash}`,
    'a:clq_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY',
  ])('is not %j', (text) => {
    expect(readApiKeyEntry(text)).toBeNull()
  })
})

describe('a new API key', () => {
  it('can be told from other texts, and its entry is of it', () => {
    const { key, entry } = createApiKey('web-shop')
    expect(key).toMatch(/^clq_[\w-]{43}$/)
    expect(entry).toEqual({ name: 'web-shop', hash: hashApiKey(key) })
    expect(readApiKeyEntry(writeApiKeyEntry(entry))).toEqual(entry)
  })

  it('is another one each time', () => {
    expect(createApiKey('a').key).not.toBe(createApiKey('a').key)
  })

  it.each(['', 'two words', 'a:b', 'a,b', 'a\n', '#a/b', 'clq_a', 'x'.repeat(65)])(
    'is not made for the name %j',
    (name) => {
      expect(() => createApiKey(name)).toThrow(RangeError)
    },
  )

  it('says which rule a name breaks, and repeats no key', () => {
    expect(() => createApiKey('two words')).toThrow('The name of a key is 1 to 64 of the characters')
    expect(() => createApiKey('clq_shop')).toThrow(
      new RangeError(
        'The name of a key does not begin with "clq_", as keys themselves do. An example: web-shop',
      ),
    )
  })
})

describe('the keys of a server', () => {
  const request = (key: string) =>
    ({ headers: { authorization: `Bearer ${key}` }, rawHeaders: [] }) as unknown as IncomingMessage

  it.each([
    [{ name: 'shop', hash: 'abc' }, 'The hash of the key shop is no SHA-256'],
    [{ name: 'shop', hash: `${hash}00` }, 'The hash of the key shop is no SHA-256'],
    [{ name: '', hash }, 'The name of a key is'],
    [{ name: 'clq_shop', hash }, 'The name of a key does not begin with "clq_"'],
  ])('are not made of %j, and stay as they are', async (entry, message) => {
    const keys = createApiKeys([{ name: 'a', hash }])
    expect(() => createApiKeys([entry])).toThrow(message)
    expect(() => keys.replace([{ name: 'b', hash }, entry])).toThrow(RangeError)
    expect(await keys.authenticate(request('abc'))).toEqual({ owner: 'a', name: 'a' })
  })

  it('may be written in capitals', async () => {
    const keys = createApiKeys([{ name: 'a', hash: hash.toUpperCase() }])
    expect(await keys.authenticate(request('abc'))).toEqual({ owner: 'a', name: 'a' })
    expect(await keys.authenticate(request('abd'))).toBeNull()
  })
})
