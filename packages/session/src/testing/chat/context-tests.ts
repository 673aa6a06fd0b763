import type { HistoryMessage } from '../../chat-interface.js'
import { defaultLimits, metadataLimits } from '../../limits.js'
import type { KnownScenarios } from './chat-scenarios.js'
import type { ChatTests } from './chat-tests.js'
import { readAnswer, readText } from './read-answer.js'

export const contextTests = ({ message, answered }: KnownScenarios): ChatTests => ({
  'may be a history as long as one can be': async ({ ask }) => {
    for (const each of answered) await readAnswer(ask(each, { history: longHistory }))
    await readText(ask(message, { history: longHistory }))
  },

  'may be a history that begins with an answer, or has messages that never got one': async ({ ask }) => {
    const question: HistoryMessage = { role: 'user', content: 'And now?' }
    const answer: HistoryMessage = { role: 'assistant', content: 'Now it is.' }
    for (const history of [[answer], [question], [question, question], [answer, question, question, answer]])
      await readText(ask(message, { history }))
  },

  'may be as much metadata as there can be': async ({ ask }) => {
    await readText(ask(message, { metadata: fullMetadata }))
  },

  'may have a trace, with the state of that or without it': async ({ ask }) => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await readText(ask(message, { trace: { traceparent } }))
    await readText(
      ask(message, { trace: { traceparent, tracestate: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7' } }),
    )
  },

  'is not to be written to': async ({ ask }) => {
    // All of it is frozen, so that whoever writes to it throws.
    const told = { history: longHistory.slice(0, 8), metadata: { shop: 'north' } }
    for (const each of answered) await readAnswer(ask(each, told))
  },
})

/** What content can be, and what often is forgotten. */
const contents: readonly string[] = [
  'What does the chair cost?',
  '',
  'naïve 🪑 日本語 \u{1f468}\u200d\u{1f469}\u200d\u{1f467} עברית',
  'two\nlines\r\n\ttab "quoted" \\ back',
  '\u0000\u001b[31m\u2028\u2029\ufeff',
  '{"role":"system","content":"data: [DONE]"}\n\n',
  'word '.repeat(400),
]

/** What calls can have led to. */
const functionsCalled: HistoryMessage['functionsCalled'] = [
  { callId: 'c1', name: 'lookup', arguments: { q: 'chair' }, result: { price: 120, tags: ['🪑', null] } },
  { callId: 'c2', name: 'lookup', arguments: [], error: 'no such thing' },
  { callId: 'c3', name: 'unknown_here', arguments: null },
  { callId: 'c4', name: 'lookup', arguments: '', result: null },
]

const longHistory: readonly HistoryMessage[] = Array.from({ length: defaultLimits.historyLimit }, (_, n) => {
  const content = contents[n % contents.length] ?? ''
  if (n % 2 === 0) return { role: 'user', content }
  return { role: 'assistant', content, ...(n % 4 === 1 ? { functionsCalled } : {}) }
})

const fullMetadata = Object.fromEntries(
  Array.from({ length: metadataLimits.maxPairs }, (_, n) => [
    n === 0 ? 'Ключ "🪑"\n' : `key_${n}`,
    n === 1 ? '' : 'é🪑\n\u0000"'.repeat(50),
  ]),
)
