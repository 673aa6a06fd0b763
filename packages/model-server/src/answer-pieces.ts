import type { ModelCall, SpokenAnswer } from './model-answer.js'

/** What the `delta` of a chunk holds; joined, also what the `message` of a whole answer holds. */
export type Delta =
  | { readonly reasoning_content: string }
  | { readonly content: string }
  | { readonly tool_calls: readonly CallDelta[] }

interface CallDelta {
  readonly index: number
  readonly id?: string
  readonly type?: 'function'
  readonly function: { readonly name?: string; readonly arguments: string }
}

/** The pieces of an answer in their order. */
export function answerPieces({ reasoning, text, calls = [] }: SpokenAnswer): Delta[] {
  return [
    ...listOf(reasoning).map((piece) => ({ reasoning_content: piece })),
    ...listOf(text).map((piece) => ({ content: piece })),
    ...calls.flatMap(callPieces),
  ]
}

/** The call with its name in the first piece, as OpenAI sends it, and its arguments in those that follow. */
function callPieces({ id, name, arguments: given = {} }: ModelCall, index: number): Delta[] {
  const pieces = argumentPieces(given)
  return [
    {
      tool_calls: [
        { index, id: id ?? newCallId(), type: 'function', function: { name, arguments: pieces[0] ?? '' } },
      ],
    },
    ...pieces.slice(1).map((piece) => ({ tool_calls: [{ index, function: { arguments: piece } }] })),
  ]
}

/** The arguments' JSON text in its pieces. */
export function argumentPieces(given: NonNullable<ModelCall['arguments']>): readonly string[] {
  if (typeof given === 'string') return [given]
  return isList(given) ? given : [JSON.stringify(given)]
}

let calls = 0

/** An id that no other call of this process has. */
export function newCallId(): string {
  calls += 1
  return `call_${calls}`
}

/** A list, or the one piece as a list. */
export function listOf(pieces: string | readonly string[] | undefined): readonly string[] {
  if (pieces === undefined) return []
  return typeof pieces === 'string' ? [pieces] : pieces
}

function isList(given: readonly string[] | Readonly<Record<string, unknown>>): given is readonly string[] {
  return Array.isArray(given)
}
