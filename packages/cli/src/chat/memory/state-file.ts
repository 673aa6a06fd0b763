import { join } from 'node:path'
import type { Environment } from '../../main-options.js'

/**
 * The file where the command keeps what it has to know the next time: where the XDG base directories say, or Windows.
 * Undefined where nobody has a home.
 */
export function stateFile(env: Environment, platform: NodeJS.Platform): string | undefined {
  const folder = stateFolder(env, platform)
  return folder === undefined ? undefined : join(folder, 'colloquy', 'sessions.json')
}

function stateFolder(env: Environment, platform: NodeJS.Platform): string | undefined {
  if (platform === 'win32') return env['LOCALAPPDATA'] || undefined
  const { XDG_STATE_HOME: state = '', HOME: home = '' } = env
  if (state.startsWith('/')) return state // a relative one is to be ignored
  return home === '' ? undefined : join(home, '.local', 'state')
}
