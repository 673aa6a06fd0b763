import { expect, test } from 'vitest'

test('the public names are these', async () => {
  expect(Object.keys(await import('./index.js'))).toMatchInlineSnapshot(`
    [
      "products",
      "createAssistant",
      "createShop",
    ]
  `)
})
