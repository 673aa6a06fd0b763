import type { NamedChat } from './find-chats.js'
import { type NamedOrigin, typedName } from './origin.js'
import type { Config, SettingName } from './settings.js'

/** A warning for each setting of a model, where no model answers. */
export function withoutModel(
  config: Pick<Config, 'model'>,
  origins: ReadonlyMap<SettingName, NamedOrigin>,
  chats: readonly NamedChat[],
): string[] {
  if (config.model !== null || chats.some(({ spec }) => spec.kind === 'model')) return []
  return (
    ['modelBaseUrl', 'system', 'systemFile', 'modelHistoryMessages', 'modelHistoryTokens'] as const
  ).flatMap((name) => {
    const origin = origins.get(name)
    return origin === undefined
      ? []
      : [`${typedName(origin)} has no effect: no model answers. --model names one.`]
  })
}
