import type { EffectiveConfig } from '../../config/read-config.js'
import type { Surroundings } from '../../main-options.js'
import { type Finding, fault, ok, unchecked, warning } from '../finding.js'
import { type Answer, ask, objectIn } from '../remote/ask.js'
import { reasonOf } from '../remote/reason-of.js'

/** Where Ollama listens when nothing else is said, as `@colloquy/chat/ai-sdk` has it. */
const ofOllama = 'http://localhost:11434/v1'

/** Asks a server of models that somebody runs themselves which it has, which costs nothing. The others are asked nothing. */
export async function checkModelServer(
  { config, chats }: EffectiveConfig,
  { env, process }: Surroundings,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const ids = [config.model, ...chats.map(({ spec }) => (spec.kind === 'model' ? spec.id : null))]
  const own = ids.filter((id) => id !== null).filter((id) => /^(?:ollama|openai-compatible)\//.test(id))
  const key = { ...env, ...process?.env }['OPENAI_COMPATIBLE_API_KEY'] ?? ''
  return Promise.all(
    own.map((id) => {
      const isOllama = id.startsWith('ollama/')
      const url = (config.modelBaseUrl ?? ofOllama).replace(/\/+$/, '')
      const headers = isOllama || key === '' ? {} : { Authorization: `Bearer ${key}` }
      return findModel(id.slice(id.indexOf('/') + 1), { url, headers, isOllama, signal })
    }),
  )
}

interface ModelServer {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly isOllama: boolean
  readonly signal: AbortSignal
}

async function findModel(model: string, { url, headers, isOllama, signal }: ModelServer): Promise<Finding> {
  let answer: Answer
  try {
    answer = await ask(`${url}/models`, { headers, signal })
  } catch (error) {
    const start = isOllama ? 'Start it: ollama serve. Or ' : 'Start it, or '
    return fault(
      `No server of models answers at ${url}: ${reasonOf(error)}.`,
      `${start}say where it is: --model-base-url`,
    )
  }
  if (answer.status === 401 || answer.status === 403)
    return fault(
      `${url} wants another key: it answers with ${answer.status}.`,
      'Set OPENAI_COMPATIBLE_API_KEY.',
    )
  const { data } = objectIn(answer)
  if (answer.status !== 200 || !Array.isArray(data))
    return unchecked(`${url} does not say which models it has (${answer.status}).`)
  const names = data.map((item) => String((item as Readonly<Record<string, unknown>> | null)?.['id']))
  // Ollama adds a tag to a name that has none.
  if (names.includes(model) || names.includes(`${model}:latest`)) return ok(`${url} has ${model}.`)
  return warning(
    `${url} does not have ${model}; it has ${names.length === 0 ? 'none' : names.slice(0, 5).join(', ')}.`,
    isOllama ? `Get it: ollama pull ${model}` : 'Name one that it has.',
  )
}
