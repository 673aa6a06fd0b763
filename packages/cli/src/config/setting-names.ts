import type { SettingName } from './settings.js'

/** The flag of a setting: `--session-ttl`. Not every setting has one. */
export function flagOf(name: SettingName): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
}

/** The flag that switches a switch off: `--no-pretty`. */
export function oppositeFlagOf(name: SettingName): string {
  return flagOf(name).replace('--', '--no-')
}

/** The environment variable of a setting: `COLLOQUY_SESSION_TTL`. */
export function variableOf(name: SettingName): string {
  return `COLLOQUY_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`
}
