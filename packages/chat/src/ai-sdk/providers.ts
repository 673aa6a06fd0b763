import type { LanguageModel } from 'ai'
import { importForModel } from './import-for-model.js'

/** What a provider's package is asked for a model with. */
export interface ProviderSettings {
  readonly apiKey?: string
  readonly baseURL?: string
}

/** A provider whose models can be named on the command line. */
export interface Provider {
  readonly package: string
  /** The variable with the API key, and whether there has to be one. */
  readonly key?: { readonly variable: string; readonly isNeeded: boolean }
  /** The variable with another base URL. */
  readonly baseUrlVariable?: string
  /** The base URL, where the package has none. `null`: it has to be given. */
  readonly baseUrl?: string | null
  load(modelId: string, settings: ProviderSettings, cwd: string | undefined): Promise<LanguageModel>
}

const compatible = '@ai-sdk/openai-compatible'

/** The packages to install for a provider. */
export function packagesOf(provider: Pick<Provider, 'package'>): readonly string[] {
  return ['ai', provider.package]
}

async function loadCompatible(
  name: string,
  modelId: string,
  { baseURL = '', ...settings }: ProviderSettings,
  cwd: string | undefined,
): Promise<LanguageModel> {
  const install = packagesOf({ package: compatible })
  const sdk = await importForModel(compatible, () => import('@ai-sdk/openai-compatible'), { cwd, install })
  // Without being asked for it, such servers count nothing.
  return sdk.createOpenAICompatible({ name, baseURL, includeUsage: true, ...settings })(modelId)
}

/** The providers, by the names that they have in a model's id. */
export const providers: Readonly<Record<string, Provider>> = {
  openai: {
    package: '@ai-sdk/openai',
    key: { variable: 'OPENAI_API_KEY', isNeeded: true },
    baseUrlVariable: 'OPENAI_BASE_URL',
    async load(modelId, settings, cwd) {
      const search = { cwd, install: packagesOf(this) }
      const sdk = await importForModel(this.package, () => import('@ai-sdk/openai'), search)
      return sdk.createOpenAI(settings)(modelId)
    },
  },
  anthropic: {
    package: '@ai-sdk/anthropic',
    key: { variable: 'ANTHROPIC_API_KEY', isNeeded: true },
    baseUrlVariable: 'ANTHROPIC_BASE_URL',
    async load(modelId, settings, cwd) {
      const search = { cwd, install: packagesOf(this) }
      const sdk = await importForModel(this.package, () => import('@ai-sdk/anthropic'), search)
      return sdk.createAnthropic(settings)(modelId)
    },
  },
  google: {
    package: '@ai-sdk/google',
    key: { variable: 'GOOGLE_GENERATIVE_AI_API_KEY', isNeeded: true },
    async load(modelId, settings, cwd) {
      const search = { cwd, install: packagesOf(this) }
      const sdk = await importForModel(this.package, () => import('@ai-sdk/google'), search)
      return sdk.createGoogle(settings)(modelId)
    },
  },
  ollama: {
    package: compatible,
    baseUrl: 'http://localhost:11434/v1',
    load: (modelId, settings, cwd) => loadCompatible('ollama', modelId, settings, cwd),
  },
  'openai-compatible': {
    package: compatible,
    key: { variable: 'OPENAI_COMPATIBLE_API_KEY', isNeeded: false },
    baseUrl: null,
    load: (modelId, settings, cwd) => loadCompatible('openai-compatible', modelId, settings, cwd),
  },
}
