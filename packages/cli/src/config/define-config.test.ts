import { expect, it } from 'vitest'
import { defineConfig } from '../index.js'

it('a configuration is what it was defined as', () => {
  const config = { chat: './bot.ts', port: 8080 }
  expect(defineConfig(config)).toBe(config)
})
