import { expectTypeOf, it } from 'vitest'
import { type ConfigExport, type ConfigFile, defineConfig } from '../index.js'

it('a configuration has values of the types that JSON has for them', () => {
  expectTypeOf<ConfigFile['port']>().toEqualTypeOf<number | undefined>()
  expectTypeOf<ConfigFile['metricsPort']>().toEqualTypeOf<number | null | undefined>()
  expectTypeOf<ConfigFile['whenFull']>().toEqualTypeOf<'evict' | 'reject' | undefined>()
  expectTypeOf<ConfigFile['corsOrigin']>().toEqualTypeOf<string | readonly string[] | undefined>()
  expectTypeOf<ConfigFile['chat']>().toEqualTypeOf<string | Readonly<Record<string, string>> | undefined>()
})

it('a configuration may be an object, a promise of it, or a function that makes it', () => {
  expectTypeOf(
    defineConfig({ chat: './bot.ts', port: 80, allowedHost: 'a.example', pretty: undefined }),
  ).toEqualTypeOf<ConfigExport>()
  expectTypeOf(defineConfig(Promise.resolve({ port: 80 }))).toEqualTypeOf<ConfigExport>()
  expectTypeOf(defineConfig(() => ({ port: 80 }))).toEqualTypeOf<ConfigExport>()
  expectTypeOf(defineConfig(async () => ({ port: 80 }))).toEqualTypeOf<ConfigExport>()
})

it('a configuration has no other keys, and no other values', () => {
  // @ts-expect-error -- a typing error
  expectTypeOf(defineConfig({ prot: 80 })).toEqualTypeOf<ConfigExport>()
  // @ts-expect-error -- a number is no text
  expectTypeOf(defineConfig({ port: '80' })).toEqualTypeOf<ConfigExport>()
  // @ts-expect-error -- one of two words
  expectTypeOf(defineConfig({ whenFull: 'never' })).toEqualTypeOf<ConfigExport>()
})
