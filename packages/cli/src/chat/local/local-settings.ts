import { type SettingName, settingGroups } from '../../config/settings.js'

/** The settings that matter for what answers in process, and for where its sessions are. */
export const localSettings: readonly SettingName[] = settingGroups
  .filter(({ title }) => title === 'Chat' || title === 'Storage')
  .flatMap(({ names }) => names)
