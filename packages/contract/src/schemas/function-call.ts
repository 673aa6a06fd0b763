import { z } from 'zod'
import { described } from './described.js'
import { jsonValue } from './json.js'
import { optional } from './optional.js'

/** The id of a function call. */
export const callId = z.string().meta({
  description: 'Tells the calls of one turn apart: a call and what it returned have the same.',
  examples: ['call_1'],
})

/** The name of a function. */
export const functionName = z
  .string()
  .meta({ description: 'The name of the function.', examples: ['lookup_products'] })

/** What a function was given. */
export const functionArguments = described(jsonValue, 'What the function was given: any JSON value.')

/** What a function returned. */
export const functionResult = described(jsonValue, 'What the function returned: any JSON value.')

/** Why a function failed. */
export const functionError = z
  .string()
  .meta({ description: 'Why the call failed, as the chat interface tells it.', examples: ['out of stock'] })

/** A function that was called while an answer was made. */
export const functionCall = z
  .strictObject({
    call_id: callId,
    name: functionName,
    arguments: functionArguments,
    result: optional(functionResult),
    error: optional(functionError),
  })
  .meta({
    id: 'FunctionCall',
    description:
      'A function that was called while an answer was made: with its result, or its error, or neither when it never returned.',
  })
