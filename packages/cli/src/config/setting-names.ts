import type { SettingName } from './settings.js'

/** The flag of a setting: `--session-ttl`. */
export function flagOf(name: SettingName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The environment variable of a setting: `COLLOQUY_SESSION_TTL`. */
export function variableOf(name: SettingName): string {
  return `COLLOQUY_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
