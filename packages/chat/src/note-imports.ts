import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

/** So many of the files are worth looking at. */
const mostFiles = 50

/** Notes which files are imported from now on, but for dependencies, until `stop`. */
export function noteImports(): { readonly files: () => readonly string[]; readonly stop: () => void } {
  const files = new Set<string>()
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      const resolved = nextResolve(specifier, context)
      if (/^file:.*\.[cm]?[jt]s$/.test(resolved.url) && !resolved.url.includes('/node_modules/'))
        files.add(fileURLToPath(resolved.url))
      return resolved
    },
  })
  // The last first: loading ends with the one that is wrong.
  return { files: () => [...files].toReversed().slice(0, mostFiles), stop: () => hooks.deregister() }
}
