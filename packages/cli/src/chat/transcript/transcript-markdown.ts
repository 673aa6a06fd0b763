import type { Message, Session } from '@colloquy/client'
import { printable } from '../../output/printable.js'
import { callLine } from '../answer/call-line.js'

/** A conversation as Markdown. */
export function transcriptMarkdown(
  { session_id, created_at, chat }: Session,
  messages: readonly Message[],
): string {
  const answering = chat ?? 'assistant'
  return [
    `# Session ${session_id}\n`,
    `Begun ${created_at}, ${messages.length} messages${chat === null ? '' : `, with ${chat}`}.\n`,
    ...messages.flatMap((message) => messageText(message, answering)),
  ].join('\n')
}

/** The widest line about a function call. */
const callWidth = 200

function messageText(message: Message, answering: string): readonly string[] {
  const { role, content, status, functions_called: calls = [] } = message
  return [
    `## ${role === 'user' ? 'user' : answering}\n`,
    ...(calls.length === 0 ? [] : [`${calls.map((call) => `> ${callLine(call, callWidth)}`).join('\n')}\n`]),
    `${printable(content)}\n`,
    ...(status === 'partial' ? ['_(not whole: the turn ended before)_\n'] : []),
  ]
}
