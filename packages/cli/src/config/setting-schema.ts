import { isIP } from 'node:net'
import { type ApiKeyEntry, isOrigin, readApiKeyEntry } from '@colloquy/server'
import { z } from 'zod'
import { isBaseUrl, isModelId } from '../chats/chat-spec.js'
import { splitList } from './read-text.js'
import type { Setting } from './setting.js'
import { type SettingName, settings } from './settings.js'
import { isStore } from './store-place.js'

/** The most proxies that may stand in front of a server. */
const mostProxies = 16

/** Checks these settings, given as the values of a configuration file; what is left out gets its default. */
export function configSchema(
  names: readonly SettingName[],
  { isTerminal }: { readonly isTerminal: boolean },
) {
  return z.object(Object.fromEntries(names.map((name) => [name, schemaOf(settings[name], isTerminal)])))
}

function schemaOf(setting: Setting, isTerminal: boolean): z.ZodType {
  switch (setting.kind) {
    case 'host':
      return z.string().refine(isHost).default(setting.default)
    case 'hosts':
      return listOf(z.string().regex(/^(?:[a-z\d](?:[a-z\d.-]*[a-z\d])?|\[[\da-f:.]+\])$/i))
    case 'origins':
      return listOf(z.string().refine(isOrigin))
    case 'apiKeys':
      return listOf(apiKeyEntry)
    case 'proxies':
      return z
        .union([
          z.literal(false),
          z.int().min(1).max(mostProxies),
          listOf(z.string().refine(isProxy)).unwrap(),
        ])
        .default(false)
    case 'file':
    case 'folder':
    case 'text':
      return z.string().regex(/\S/).nullable().default(null)
    case 'url':
      return z.string().refine(isBaseUrl).nullable().default(null)
    case 'model':
      return z.string().refine(isModelId).nullable().default(null)
    case 'store':
      return z.string().refine(isStore).default(setting.default)
    case 'number': {
      const number = (setting.fraction ? z.number() : z.int()).min(setting.min).max(setting.max)
      return setting.default === null ? number.nullable().default(null) : number.default(setting.default)
    }
    case 'choice':
      return z.enum(setting.choices).default(setting.default)
    case 'switch':
      return z.boolean().default(setting.default === 'on a terminal' ? isTerminal : setting.default)
  }
}

/** A list; where there is one entry, or several with commas between them, it may also be a text. */
function listOf(entry: z.ZodType) {
  return z
    .preprocess((value) => (typeof value === 'string' ? splitList(value) : value), z.array(entry))
    .default([])
}

const apiKeyEntry = z.string().transform((text, context): ApiKeyEntry => {
  const entry = readApiKeyEntry(text)
  if (entry !== null) return entry
  context.addIssue('no entry')
  return z.NEVER
})

function isHost(text: string): boolean {
  return isIP(text) !== 0 || /^[a-z0-9]([a-z0-9._-]*[a-z0-9.])?$/i.test(text)
}

/** Tells what express believes as the address of a proxy: an address, a range in CIDR notation, or one of its words. */
function isProxy(text: string): boolean {
  if (text === 'loopback' || text === 'linklocal' || text === 'uniquelocal') return true
  const [, address = '', length] = /^([\da-f.:]+)(?:\/(\d{1,3}))?$/i.exec(text) ?? []
  const version = isIP(address)
  if (version === 0) return false
  return length === undefined || (Number(length) >= 1 && Number(length) <= (version === 4 ? 32 : 128))
}
