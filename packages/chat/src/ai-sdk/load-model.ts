import type { LanguageModel } from 'ai'
import { importSdk } from './import-sdk.js'
import { ModelLoadError } from './model-load-error.js'
import { nearestName } from './nearest-name.js'
import { type Provider, type ProviderSettings, packagesOf, providers } from './providers.js'

/** Options of {@link loadModel}. */
export interface LoadModelOptions {
  /** Where the provider is asked, up to its version: `http://localhost:8080/v1`. Default: the provider's own. */
  readonly baseUrl?: string | undefined
  /** The API key. Default: the one in the provider's variable. */
  readonly apiKey?: string | undefined
  /** The environment, with the keys. Default: none. */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The folder from which the packages are looked for first. Default: they are looked for from this package only. */
  readonly cwd?: string
}

/**
 * Loads a model by its id, a provider and a model: `openai/…`, `anthropic/…`, `google/…`, `ollama/…` (on this machine, or at
 * `baseUrl`), or `openai-compatible/…` for any server that speaks OpenAI's chat completions API, at `baseUrl`. The
 * provider's package is imported now; nothing is asked.
 *
 * Keys: `OPENAI_API_KEY`, `ANTHROPIC_API_KEY`, `GOOGLE_GENERATIVE_AI_API_KEY`, and `OPENAI_COMPATIBLE_API_KEY` if the server
 * wants one. Base URLs: `OPENAI_BASE_URL`, `ANTHROPIC_BASE_URL`.
 *
 * @throws ModelLoadError
 */
export async function loadModel(id: string, options: LoadModelOptions = {}): Promise<LanguageModel> {
  const { cwd } = options
  const { provider, providerName, modelId } = parseId(id)
  const settings = settingsOf(provider, providerName, options)
  const install = packagesOf(provider)
  await importSdk(cwd, install)
  return provider.load(modelId, settings, cwd)
}

function parseId(id: string) {
  const [, providerName = '', modelId = ''] = /^([^/]+)\/(.+)$/.exec(id.trim()) ?? []
  if (modelId === '') {
    throw new ModelLoadError(
      'malformed_id',
      `"${id}" names no model. Expected: a provider and a model, such as openai/<model>. ${known()}`,
    )
  }
  const provider = Object.hasOwn(providers, providerName) ? providers[providerName] : undefined
  if (provider !== undefined) return { provider, providerName, modelId }
  const nearest = nearestName(providerName, Object.keys(providers))
  const hint = nearest === undefined ? '' : ` Did you mean ${nearest}/${modelId}?`
  throw new ModelLoadError('unknown_provider', `There is no provider "${providerName}".${hint} ${known()}`)
}

function known(): string {
  return `The providers are: ${Object.keys(providers).join(', ')}.`
}

function settingsOf(provider: Provider, name: string, options: LoadModelOptions): ProviderSettings {
  const apiKey = apiKeyOf(provider, name, options)
  const baseURL = baseUrlOf(provider, name, options)
  return { ...(apiKey === undefined ? {} : { apiKey }), ...(baseURL === undefined ? {} : { baseURL }) }
}

function apiKeyOf(
  { key }: Provider,
  name: string,
  { apiKey, env = {} }: LoadModelOptions,
): string | undefined {
  const found = apiKey || (key === undefined ? undefined : env[key.variable])
  if (found)
    return checkedKey(found, apiKey || key === undefined ? 'that was given' : `in ${key.variable}`, name)
  if (key?.isNeeded !== true) return undefined
  throw new ModelLoadError('missing_key', `There is no API key for ${name}. Set ${key.variable}.`)
}

/** What a header can't carry fails every request, with an error that may repeat it. @throws ModelLoadError `invalid_key` */
function checkedKey(key: string, where: string, name: string): string {
  if (/^[\x21-\x7e]+$/.test(key)) return key
  const what = 'a space, a line end, or a character that is not ASCII, such as a typographic quote'
  throw new ModelLoadError(
    'invalid_key',
    `The API key ${where} can't be one for ${name}: it holds ${what}. Set it to the key alone.`,
  )
}

function baseUrlOf(
  provider: Provider,
  name: string,
  { baseUrl, env = {} }: LoadModelOptions,
): string | undefined {
  const { baseUrlVariable, baseUrl: ofProvider } = provider
  const given = baseUrl || (baseUrlVariable === undefined ? undefined : env[baseUrlVariable])
  if (!given && ofProvider === null) {
    throw new ModelLoadError(
      'invalid_base_url',
      `${name} needs the base URL of the server, such as http://localhost:8080/v1.`,
    )
  }
  if (given && !/^https?:$/.test(URL.parse(given)?.protocol ?? '')) {
    throw new ModelLoadError(
      'invalid_base_url',
      `The base URL for ${name} is no http or https URL. Expected: one such as http://localhost:8080/v1.`,
    )
  }
  return given || (ofProvider ?? undefined)
}
