import type { Aspect } from './request.js'
import { spaced, taken, type Words } from './split-words.js'

// The first that fits counts; what asks for everything comes last.
const questions: readonly (readonly [RegExp, Aspect])[] = [
  [
    /\b(?:how heavy|weights?|weigh|brand|designer|made in|where is it made|ratings?|reviews?|comfortable|sturdy)\b/,
    'other',
  ],
  [
    /\b(?:how many (?:do you have|are|have you|of|pieces)|in stock|on stock|available|availability|left|sold out)\b/,
    'stock',
  ],
  [/\b(?:how much|prices?|costs?|how expensive|how cheap)\b/, 'price'],
  [
    /\b(?:made (?:of|from|out)|materials?|what wood|which wood|what fabric|which fabric|what is it of)\b/,
    'materials',
  ],
  [
    /\b(?:how (?:big|large|wide|tall|high|deep|long|small)|sizes?|dimensions?|measurements?|measure|width|height|depth|will it fit)\b/,
    'size',
  ],
  [/\b(?:colou?rs?|comes? in|shades?)\b/, 'colours'],
  [
    /\b(?:tell me|more about|about|more info|details?|describe|description|information|info|specs?|explain|compare|show me|what is|whats|look at|see|more on)\b/,
    'everything',
  ],
]

/** What is asked, and the words without the question: "how big" looks for nothing big. */
export interface AspectRead {
  readonly aspect: Aspect | null
  readonly rest: Words
}

/** Reads what a message asks about a product, if it asks about one at all. */
export function readAspect(words: Words): AspectRead {
  const text = spaced(words)
  const [pattern, aspect] = questions.find(([pattern]) => pattern.test(text)) ?? []
  if (pattern === undefined || aspect === undefined) return { aspect: null, rest: words }
  // "In stock" also narrows a search, and what asks for everything is made of words that say nothing anyway.
  const kept = aspect === 'stock' || aspect === 'everything'
  return { aspect, rest: kept ? words : text.replace(pattern, taken).trim().split(' ') }
}
