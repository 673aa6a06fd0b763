import type { SpokenAnswer } from './model-answer.js'
import { lastUserText, type ModelRequest } from './model-request.js'

/** Says `You said: …` word by word: what is answered where nothing is scripted. */
export function echoAnswer(request: ModelRequest): SpokenAnswer {
  return { text: `You said: ${lastUserText(request)}`.match(/\S+\s*|\s+/g) ?? [] }
}
