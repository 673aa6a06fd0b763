import type { ChatInterface, Chunk, FunctionDefinition } from '@colloquy/session'
import type { LanguageModel } from 'ai'
import { answerWithModel } from './answer-with-model.js'
import { defineFunctions } from './define-functions.js'
import { importSdk, type Sdk } from './import-sdk.js'
import { checkOptions, type ModelOptions } from './model-options.js'

/**
 * Makes a chat interface of a language model of the AI SDK (`ai` 7), whoever its provider is. The model may call functions; it is
 * given the history as far as it fits, and asked with the turn's signal, so that a stop closes the request.
 *
 * Beside text and calls there are `data` chunks: `reasoning` (`text`), `source` (`kind`, `id`, `url` …), `file`
 * (`media_type`, `size_bytes`), and `history.trimmed` (`dropped_messages`, `kept_messages`, `kept_tokens`) first, when the
 * model was not given all of the history; it comes with the first that the model says.
 *
 * Text comes as the model says it; after 2,000 chunks of a turn, small ones are joined to 64 characters or what came within
 * a second. Reasoning comes in chunks of about 1,000 characters or what came within a second, and 262,144 characters of a
 * turn at most: the chunk that this cuts has `is_cut: true`, and none follows it. No chunk has more than 16,384 characters.
 * Half of a surrogate pair becomes U+FFFD.
 *
 * A function has to return what JSON can carry, as `JSON.stringify` has it: a date is its text. For anything else the model
 * is told that the function failed. Warnings of a model that is given as an object go to the turn's
 * log, each once.
 *
 * A reply throws a `ChatError` for what the provider did; its text and causes hold neither keys nor messages. `start`
 * throws a {@link ModelLoadError} when the package `ai` is not there.
 *
 * @throws RangeError for an option that can't be meant
 */
export function fromModel(model: LanguageModel, options: ModelOptions = {}): ChatInterface {
  checkOptions(options)
  const modelId = typeof model === 'string' ? model : model.modelId
  const { name = modelId, tools, functions: shown, cwd } = options
  let functions: readonly FunctionDefinition[] = shown ?? []
  const toldWarnings = new Set<string>()
  let sdk: Promise<Sdk> | undefined
  const loadSdk = () =>
    (sdk ??= importSdk(cwd).catch((error: unknown) => {
      sdk = undefined // so that it can be installed, and started again
      throw error
    }))

  return {
    name,
    get functions() {
      return functions
    },
    async start() {
      const { asSchema } = await loadSdk()
      if (shown !== undefined || tools === undefined || typeof tools === 'function') return
      functions = await defineFunctions(tools, asSchema)
    },
    reply(message, context) {
      const left = new AbortController()
      const signal = AbortSignal.any([context.signal, left.signal])
      const leave = () => left.abort()
      const question = { model, modelId, options, loadSdk, toldWarnings, message, context, signal, leave }
      const chunks = answerWithModel(question)
      const iterator: AsyncIterator<Chunk> = {
        next: () => chunks.next(),
        // Also while a chunk is awaited: a generator alone would let its reader wait for that one.
        return: () => {
          leave()
          return chunks.return()
        },
      }
      return { [Symbol.asyncIterator]: () => iterator }
    },
  }
}
