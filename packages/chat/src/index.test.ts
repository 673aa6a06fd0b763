import { expect, it } from 'vitest'
import * as chat from './index.js'

it('exports these names and no others', () => {
  expect(Object.keys(chat).sort()).toMatchInlineSnapshot(`
    [
      "ChatLoadError",
      "defineChat",
      "isRetryable",
      "loadChat",
      "route",
      "watchChat",
      "withConcurrency",
      "withFallback",
      "withRetry",
      "withTimeout",
    ]
  `)
})
