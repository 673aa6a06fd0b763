import type { Setting } from './setting.js'

/**
 * Reads a flag or a variable as the value that a configuration file would have in its place. A text that is none stays
 * one, for the check of the setting to refuse.
 */
export function readText(setting: Setting, text: string): unknown {
  switch (setting.kind) {
    case 'number':
      return (setting.fraction ? /^\d+(\.\d+)?$/ : /^\d+$/).test(text) ? Number(text) : text
    case 'switch':
      if (text === 'true' || text === '1') return true
      return text === 'false' || text === '0' ? false : text
    case 'proxies':
      if (text === 'none') return false
      return /^\d+$/.test(text) ? Number(text) : splitList(text)
    case 'hosts':
    case 'origins':
    case 'apiKeys':
      return splitList(text)
    case 'host':
    case 'choice':
    case 'file':
    case 'folder':
    case 'store':
    case 'text':
    case 'url':
    case 'model':
      return text
  }
}

/** The entries of a list that is written as one text, with commas between them. */
export function splitList(text: string): string[] {
  return text.split(',').map((entry) => entry.trim())
}
