import { markdown } from '../markdown.js'
import type { TurnEvent } from '../types.js'
import { streamExamples } from './stream-examples.js'

const events: Readonly<Record<TurnEvent['type'], string>> = {
  'turn.queued': 'the turn waits for others of its session; told again whenever its place changes',
  'turn.started': 'the turn has begun: the first, unless it had to wait',
  'text.delta': 'the next piece of the answer',
  'function.called': 'the chat interface calls a function',
  'function.returned': 'it has returned, or failed',
  data: 'anything else that the chat interface wants to send',
  'turn.completed': 'the end: the whole answer, as the JSON form has it',
  'turn.failed': 'the end: a problem, with the text so far',
  'turn.cancelled': 'the end: the turn was stopped; why, and the text so far',
  'turn.interrupted': 'the end: the server stopped or died; why, and the text so far',
}

const description =
  markdown(`The events of the turn (the schema \`TurnEvent\`) as server-sent events (WHATWG HTML, section 9.2). In each
frame \`id\` is the event's number in the turn, from 1 and without a gap, \`event\` its type, and \`data\` its data as JSON.
The first frame of every response carries \`retry: 1000\`. After 15 seconds of silence (a setting) a comment \`: keep-alive\` goes out.

${Object.entries(events)
  .map(([type, what]) => `- \`${type}\`: ${what}`)
  .join('\n')}

Exactly one of the last four ends every turn, and nothing follows it. A stream that ends without any of them was cut,
and can be read on.`)

/** The events of a turn as what a route answers with. */
export const eventStream = {
  schema: { type: 'string', description },
  examples: streamExamples,
} as const
