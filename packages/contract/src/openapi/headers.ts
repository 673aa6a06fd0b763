import { z } from 'zod'

const requestId = z
  .string()
  .meta({ description: 'The id of the request.', example: 'd6e83bec-174f-4be7-9563-02b2fc9aba18' })

/** The headers that every answer has. */
export const commonHeaders = z.object({ 'X-Request-Id': requestId })

/** Those of the answers of a turn. */
export const turnHeaders = commonHeaders.extend({
  'X-Session-Id': z.string().meta({ description: 'The session of the turn.' }),
  'X-Turn-Id': z.string().meta({ description: 'The turn.' }),
})

/** Those of an answer that made something. */
export const createdHeaders = commonHeaders.extend({
  Location: z
    .string()
    .meta({ description: 'The path of what was made.', example: '/api/v1/sessions/sess_0b9e41f3' }),
})

/** Those of an error that may pass. */
export const retryHeaders = commonHeaders.extend({
  'Retry-After': z.string().meta({ description: 'After how many seconds to try again.', example: '5' }),
})

/** Those of a method that the route does not take. */
export const allowHeaders = commonHeaders.extend({
  Allow: z.string().meta({ description: 'The methods that the route takes.', example: 'GET, HEAD, OPTIONS' }),
})
