import { spawn } from 'node:child_process'
import { platform } from 'node:os'
import type { Environment } from '../main-options.js'

/** How long an opener may take before it counts as having worked: some stay as long as the browser does. */
const patienceMs = 5_000

/**
 * Opens a page in the browser: by what `BROWSER` names, or else by the opener of the system. It never fails. (A library for
 * this would bring six packages, and a script that it looks for beside its own file.)
 *
 * @returns why it could not be opened, to follow a colon; undefined when it could
 */
export async function openInBrowser(
  url: string,
  env: Environment,
  system: NodeJS.Platform = platform(),
): Promise<string | undefined> {
  const opener = openerFor(env, system)
  if (typeof opener === 'string') return opener
  const [command = '', ...args] = opener
  return new Promise((resolve) => {
    const child = spawn(command, [...args, url], { env: { ...env }, stdio: 'ignore', detached: true })
    child.unref()
    const timer = setTimeout(() => end(undefined), patienceMs).unref()
    const end = (why: string | undefined) => {
      clearTimeout(timer)
      resolve(why)
    }
    child.on('error', () => end(`${command} is not there`))
    child.on('exit', (code) => end(code === 0 ? undefined : `${command} failed`))
  })
}

/** The command that takes the URL, or why there is none. */
function openerFor(env: Environment, system: NodeJS.Platform): readonly string[] | string {
  const named = env['BROWSER']?.trim() ?? ''
  if (named === 'none') return 'BROWSER is "none"'
  if (named !== '') return named.split(/\s+/)
  // The browser would open where nobody sees it.
  if (env['SSH_CONNECTION'] || env['SSH_TTY']) return 'this is a session over SSH'
  if (system === 'darwin') return ['open']
  if (system === 'win32') return ['cmd.exe', '/d', '/c', 'start', '']
  return env['DISPLAY'] || env['WAYLAND_DISPLAY'] ? ['xdg-open'] : 'there is no display'
}
