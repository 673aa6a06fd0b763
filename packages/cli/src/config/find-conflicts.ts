import { isLoopback } from '@colloquy/server'
import { CommandError } from '../command-error.js'
import { readApiKeys } from '../keys/read-api-keys.js'
import type { FoundChats, NamedChat } from './find-chats.js'
import { exampleAt, type NamedOrigin, typedName } from './origin.js'
import type { Config, SettingName } from './settings.js'

/** What is right by itself; a setting that is wrong, or whose value is not known, is left out. */
type Checked = Partial<Config>

/** Where each setting that was given comes from. */
type Origins = ReadonlyMap<SettingName, NamedOrigin>

/**
 * What is wrong with settings together, one sentence each. What depends on a setting that is left out is not judged.
 *
 * @param chat what answers; null when that is not known
 * @param isWhole whether everything that was given is known: otherwise nothing is said to be missing
 */
export async function findConflicts(
  checked: Checked,
  origins: Origins,
  { isWhole, chat }: { readonly isWhole: boolean; readonly chat: FoundChats | null },
): Promise<readonly string[]> {
  const clashes = [openCredentials, sharedPort, unsharedStore, unreadableKeys, twoSystems]
  const gaps = isWhole ? [lockedDocs, openServer] : []
  const found = await Promise.all([...clashes, ...gaps].map(async (find) => find(checked, origins)))
  const ofModels =
    chat === null ? [] : [unusedModel(checked, origins, chat), sharedBaseUrl(checked, origins, chat.chats)]
  return [...found, ...ofModels].filter((fault) => fault !== undefined)
}

/** Only one text can be what a model is told. */
function twoSystems({ system, systemFile }: Checked, origins: Origins): string | undefined {
  const origin = origins.get('system')
  const file = origins.get('systemFile')
  if (
    origin === undefined ||
    origin.kind !== file?.kind || // else one of them wins
    typeof system !== 'string' ||
    typeof systemFile !== 'string'
  )
    return undefined
  return `${typedName(origin)}: can't go together with ${typedName(file)}. Example: ${exampleAt(file, 'systemFile')}`
}

/** A model where nothing that was named would use it: most likely one of them was meant to. */
function unusedModel({ model }: Checked, origins: Origins, chat: FoundChats): string | undefined {
  const origin = origins.get('model')
  const { chats } = chat
  if (origin === undefined || typeof model !== 'string' || chats.length === 0) return undefined
  // What the command line names wins over a model that is named elsewhere.
  if (origin.kind !== 'flag' && chat.origin.kind !== 'configFile') return undefined
  if (chats.some(({ spec }) => spec.kind === 'assistant')) return undefined
  return `${typedName(origin)}: nothing that was named would use it. Example: colloquy serve model:${model}`
}

/** Each provider would be sent the key of its own there, and all but one of them belong elsewhere. */
function sharedBaseUrl(
  { model, modelBaseUrl }: Checked,
  origins: Origins,
  chats: readonly NamedChat[],
): string | undefined {
  const origin = origins.get('modelBaseUrl')
  if (origin === undefined || typeof modelBaseUrl !== 'string') return undefined
  const ids = [model ?? '', ...chats.map(({ spec }) => (spec.kind === 'model' ? spec.id : ''))]
  const providers = new Set(ids.filter((id) => id !== '').map((id) => id.split('/')[0]))
  if (providers.size < 2) return undefined
  return (
    `${typedName(origin)}: the models are of ${Array.from(providers).join(' and ')}, and this would be where all of them are ` +
    'asked, each with its key. Serve those of other providers from a module each, with loadModel() of @colloquy/chat/ai-sdk.'
  )
}

/** Cookies for every page there is would be cookies for attackers. */
function openCredentials({ corsOrigin, corsCredentials }: Checked, origins: Origins): string | undefined {
  const credentials = origins.get('corsCredentials')
  const origin = origins.get('corsOrigin')
  if (credentials === undefined || origin === undefined) return undefined
  if (corsCredentials !== true || corsOrigin?.includes('*') !== true) return undefined
  return (
    `${typedName(credentials)}: can't go together with ${typedName(origin)} "*". ` +
    `Example: ${exampleAt(origin, 'corsOrigin')}`
  )
}

/** Without keys, nobody could read what only callers with a key may. */
function lockedDocs({ docs, apiKeys, apiKeysFile }: Checked, origins: Origins): string | undefined {
  const origin = origins.get('docs')
  if (origin === undefined || docs !== 'key' || apiKeys?.length !== 0 || apiKeysFile !== null)
    return undefined
  return (
    `${typedName(origin)}: "key" needs keys, from --api-keys-file or COLLOQUY_API_KEYS. ` +
    `Example: ${exampleAt(origin, 'apiKeysFile')}`
  )
}

/** One port can't be listened on twice. */
function sharedPort({ port, metricsPort }: Checked, origins: Origins): string | undefined {
  const origin = origins.get('metricsPort')
  if (origin === undefined || port === undefined || metricsPort === 0 || metricsPort !== port)
    return undefined
  return (
    `${typedName(origin)}: ${port} is the port of the API. Without this setting, /metrics is there too. ` +
    `Example: ${exampleAt(origin, 'metricsPort')}`
  )
}

/** Each process would have sessions that the others do not know. */
function unsharedStore({ workers, store }: Checked, origins: Origins): string | undefined {
  const origin = origins.get('workers')
  if (origin === undefined || workers === undefined || store === undefined || workers === 1) return undefined
  const why =
    store === 'memory'
      ? `${workers} processes can't share sessions that are in the memory of one`
      : 'only one process can have the file of the SQLite store'
  return (
    `${typedName(origin)}: ${why}, and there is no other store yet. ` +
    `Example: ${exampleAt(origin, 'workers')}`
  )
}

/** Whoever finds the port could chat at its owner's cost, and read every session. */
async function openServer(checked: Checked, origins: Origins): Promise<string | undefined> {
  const { host, apiKeys, apiKeysFile, allowUnauthenticated } = checked
  if (host === undefined || apiKeys?.length !== 0 || apiKeysFile !== null || allowUnauthenticated !== false)
    return undefined
  // A host that is not known is not refused here: listening on it says what is wrong.
  if (await isLoopback(host).catch(() => true)) return undefined
  const origin = origins.get('host') ?? { kind: 'flag', name: '--host' }
  return (
    `${typedName(origin)}: others can reach ${host}, and there are no API keys. ` +
    'colloquy keys create web-shop --file keys.txt makes one, and its file has to be named. ' +
    `Example: ${exampleAt(origin, 'apiKeysFile')}. ` +
    `Or, when everybody who reaches this machine is meant to chat: ${exampleAt(origin, 'allowUnauthenticated')}`
  )
}

/** Keys that can't be read would keep everybody out. */
async function unreadableKeys(
  { apiKeys, apiKeysFile }: Checked,
  origins: Origins,
): Promise<string | undefined> {
  const origin = origins.get('apiKeysFile') ?? origins.get('apiKeys')
  if (origin === undefined || apiKeys === undefined || apiKeysFile === undefined) return undefined
  try {
    await readApiKeys({ apiKeys, apiKeysFile })
    return undefined
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return `${typedName(origin)}: ${error.message.replaceAll('\n', '\n    ')}`
  }
}
