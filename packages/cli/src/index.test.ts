import { expect, test } from 'vitest'
import * as colloquy from './index.js'

test('the public names of the package are these', () => {
  expect(Object.keys(colloquy).sort()).toMatchInlineSnapshot(`
    [
      "defineConfig",
      "main",
    ]
  `)
})
