import { expect, test } from 'vitest'
import * as client from './index.js'

test('the public names of the package are these', () => {
  expect(Object.keys(client).sort()).toMatchInlineSnapshot(`
    [
      "AuthenticationError",
      "BadRequestError",
      "ColloquyError",
      "ConflictError",
      "ConnectionError",
      "InvalidResponseError",
      "NotFoundError",
      "PermissionDeniedError",
      "RateLimitError",
      "ServerError",
      "TimeoutError",
      "TurnError",
      "createClient",
    ]
  `)
})
