import { expect, test } from 'vitest'
import * as client from './index.js'

test('the public names of the package are these', () => {
  expect(Object.keys(client).sort()).toMatchInlineSnapshot(`
    [
      "ColloquyError",
      "createClient",
    ]
  `)
})
