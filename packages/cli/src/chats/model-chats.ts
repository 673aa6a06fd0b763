import { readFile } from 'node:fs/promises'
import { createShop } from '@colloquy/assistant'
import type * as sdk from '@colloquy/chat/ai-sdk'
import type { ChatInterface, JsonValue } from '@colloquy/session'
import type { LanguageModel } from 'ai'
import { usageError } from '../command-error.js'
import { describeFileError } from '../files/describe-file-error.js'
import type { ChatParts } from './chat-parts.js'

type ModelSdk = typeof sdk

/** A language model that is told what the configuration says. @throws ModelLoadError, CommandError */
export async function modelChat(id: string, parts: ChatParts): Promise<ChatInterface> {
  const system = await systemOf(parts)
  const { model, options, sdk } = await load(id, parts)
  return sdk.fromModel(model, { ...options, ...(system === null ? {} : { system }) })
}

/** A language model in the place of the built-in assistant: it has its functions. @throws ModelLoadError */
export async function modelShop(id: string, parts: ChatParts): Promise<ChatInterface> {
  const { model, options, sdk } = await load(id, parts)
  return shopOf(model, sdk, { ...options, name: `furniture-shop assistant, ${id}` })
}

/** The furniture shop, where this model answers. */
export function shopOf(
  model: LanguageModel,
  { fromModel, toolsOf }: Pick<ModelSdk, 'fromModel' | 'toolsOf'>,
  options: sdk.ModelOptions,
): ChatInterface {
  const shop = createShop()
  return fromModel(model, {
    ...options,
    system: shop.instructions,
    functions: shop.functions,
    tools: (turn) => {
      const call = (name: string, args: JsonValue) => {
        const { state, ...outcome } = shop.call(name, args, turn.state)
        turn.setState(state)
        return outcome
      }
      return toolsOf(shop.functions, call, options.cwd)
    },
  })
}

async function load(id: string, { config, env, cwd }: ChatParts) {
  const sdk = await import('@colloquy/chat/ai-sdk')
  const { modelBaseUrl: baseUrl, modelHistoryMessages, modelHistoryTokens } = config
  const loading = sdk.loadModel(id, { env, cwd, ...(baseUrl === null ? {} : { baseUrl }) })
  const model = await loading.catch((error: unknown) => {
    throw error instanceof sdk.ModelLoadError ? wrongModel(id, error) : error
  })
  return {
    sdk,
    model,
    options: { name: id, cwd, historyMessages: modelHistoryMessages, historyTokens: modelHistoryTokens },
  }
}

/** What can be put right by how the command was called is told as a wrong call; what is not installed is not one. */
function wrongModel(id: string, error: sdk.ModelLoadError): Error {
  if (error.code === 'missing_package' || error.code === 'failed_to_load') return error
  const hint = error.code === 'invalid_base_url' ? ' --model-base-url gives it.' : ''
  return usageError(`${id}: ${error.message}${hint}`, error)
}

async function systemOf({ config: { system, systemFile } }: ChatParts): Promise<string | null> {
  if (systemFile === null) return system
  const read = readFile(systemFile, 'utf8')
  const text = await read.catch((error: unknown) => {
    throw usageError(`--system-file: ${describeFileError(error, systemFile)}`, error)
  })
  if (text.trim() === '') throw usageError(`--system-file: ${systemFile} is empty.`)
  return text.replace(/^\uFEFF/, '')
}
