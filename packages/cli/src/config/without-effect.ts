import type { NamedChat } from './find-chats.js'
import { type NamedOrigin, typedName } from './origin.js'
import type { Config, SettingName } from './settings.js'

const ofModels = [
  'modelBaseUrl',
  'system',
  'systemFile',
  'modelHistoryMessages',
  'modelHistoryTokens',
] as const

/** A warning for each setting that has no effect on what answers. */
export function withoutEffect(
  config: Config,
  origins: ReadonlyMap<SettingName, NamedOrigin>,
  chats: readonly NamedChat[],
): string[] {
  const hasModel = config.model !== null || chats.some(({ spec }) => spec.kind === 'model')
  const hasModule = chats.some(({ spec }) => spec.kind === 'file' && /\.[cm]?[jt]s$/i.test(spec.path))
  const warn = (name: SettingName, why: string, beyond = '') => {
    const origin = origins.get(name)
    const isGiven = origin !== undefined && config[name] !== null && config[name] !== false
    return isGiven ? [`${typedName(origin)} has no effect${beyond}: ${why}`] : []
  }
  const { modelHistoryMessages, historyLimit } = config
  const isMore = hasModel && modelHistoryMessages > historyLimit
  return [
    ...(hasModule ? [] : warn('watch', 'no module answers. It is for modules, such as ./bot.ts.')),
    ...(isMore
      ? warn(
          'modelHistoryMessages',
          '--history-limit lets nothing have more of a history.',
          ` beyond ${historyLimit}`,
        )
      : []),
    ...(hasModel ? [] : ofModels.flatMap((name) => warn(name, 'no model answers. --model names one.'))),
  ]
}
