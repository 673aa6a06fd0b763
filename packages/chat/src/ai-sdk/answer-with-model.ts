import { type ChatContext, type Chunk, systemClock } from '@colloquy/session'
import type { LanguageModel } from 'ai'
import { checkResults } from './check-results.js'
import { estimateTokens } from './estimate-tokens.js'
import { createChunkGatherer } from './gather-chunks.js'
import type { Sdk } from './import-sdk.js'
import type { ModelOptions } from './model-options.js'
import { createModelTurn } from './model-turn.js'
import { quietModel } from './quiet-model.js'
import { createPartReader } from './read-part.js'
import { toChatError } from './to-chat-error.js'
import { toModelMessages } from './to-model-messages.js'
import { trimHistory, trimmedChunk } from './trim-history.js'

/** One message for a model, and all that it takes to answer it. */
interface Question {
  readonly model: LanguageModel
  readonly modelId: string
  readonly options: ModelOptions
  readonly loadSdk: () => Promise<Sdk>
  /** The warnings of the model that were told so far. */
  readonly toldWarnings: Set<string>
  readonly message: string
  readonly context: ChatContext
  /** Aborted when the answer is not wanted any more. */
  readonly signal: AbortSignal
  /** Aborts it. */
  readonly leave: () => void
}

/** Asks the model, until it calls no more functions, and yields what it says. Ends quietly when the signal is aborted. */
export async function* answerWithModel(question: Question): AsyncGenerator<Chunk, void, undefined> {
  const { modelId, options, loadSdk, context, signal } = question
  const { historyMessages = 100, historyTokens = 32_000, countTokens = estimateTokens } = options
  const sdk = await loadSdk()
  const history = trimHistory(context.history, { historyMessages, historyTokens, countTokens })
  const { turn, stateChunks } = createModelTurn(context)
  const { system, tools } = options
  const instructions = typeof system === 'function' ? await system(context) : system
  const toolSet = typeof tools === 'function' ? await tools(turn) : tools
  if (signal.aborted) return

  const now = () => (options.clock ?? systemClock).now()
  const readPart = createPartReader(modelId)
  const gathered = createChunkGatherer(now)
  // Before the provider has answered there is nothing to see: what is asked again or elsewhere has to fail before its first chunk.
  const opening = history.dropped > 0 ? [trimmedChunk(history)] : []
  const opened = (chunks: readonly Chunk[]) => (chunks.length === 0 ? [] : [...opening.splice(0), ...chunks])
  let isWhole = false
  try {
    const { stream } = sdk.streamText({
      ...settingsOf(question, sdk),
      messages: toModelMessages(history.kept, question.message),
      ...(instructions === undefined || instructions === '' ? {} : { instructions }),
      ...(toolSet === undefined ? {} : { tools: checkResults(toolSet) }),
    })
    // By hand: to leave a `for await` is to wait until the provider has said all, and after an error it may never.
    const parts = stream[Symbol.asyncIterator]()
    for (let part = await parts.next(); part.done !== true; part = await parts.next()) {
      if (part.value.type === 'abort' || signal.aborted) return
      for (const chunk of readPart(part.value)) yield* opened(gathered.take(chunk))
    }
    yield* opened(gathered.rest())
    isWhole = true
  } catch (error) {
    if (signal.aborted) return
    yield* opened(gathered.rest())
    if (signal.aborted) return
    throw toChatError(error, modelId, now())
  } finally {
    if (!isWhole) question.leave()
  }
  yield* stateChunks()
}

function settingsOf({ model, options, context, signal, toldWarnings }: Question, { isStepCount }: Sdk) {
  const { maxSteps = 8, maxRetries = 0, temperature, maxOutputTokens, providerOptions } = options
  return {
    model: quietModel(model, context.logger, toldWarnings),
    stopWhen: isStepCount(maxSteps),
    maxRetries,
    abortSignal: signal,
    onError: () => {}, // the default prints the error, with the prompt and the key; it comes as a part of the stream, too
    ...(temperature === undefined ? {} : { temperature }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(providerOptions === undefined ? {} : { providerOptions }),
    ...(context.trace === undefined ? {} : { headers: { ...context.trace } }),
  }
}
