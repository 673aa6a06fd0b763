import type { ModelAnswer, ModelScript } from './model-answer.js'
import type { ModelRequest } from './model-request.js'

/** Gives each request its answer. A list whose answers are used up fails, so that a test sees a request too many. */
export function nextAnswer(script: ModelScript): (request: ModelRequest) => Promise<ModelAnswer> {
  if (typeof script === 'function') return async (request) => script(request)
  if (!isList(script)) return async () => script
  const left = [...script]
  return async () =>
    left.shift() ?? {
      status: 500,
      body: `The script has only ${script.length} answers, and this is one more.`,
    }
}

function isList(script: ModelAnswer | readonly ModelAnswer[]): script is readonly ModelAnswer[] {
  return Array.isArray(script)
}
