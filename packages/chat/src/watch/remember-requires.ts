import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** What CommonJS modules have asked for. */
export interface RememberedRequires {
  /** Remembers that a module asked for another. */
  add(parentURL: string, specifier: string): void
  /** Lets Node forget where all of it was found. */
  forget(): void
  /**
   * Called where a request is resolved.
   *
   * @throws Error while it is being forgotten, so that nothing is loaded
   */
  refuse(): void
}

/**
 * CommonJS keeps in mind what a folder's modules asked for and where it was found, and then does not ask the hooks again.
 * Where an ES module imports a CommonJS one that exports another one whole, Node reads that other one ahead, and CommonJS then
 * even hands it out before it has run, and so empty. It forgets an answer when it is asked, and what it had found has gone.
 */
export function rememberRequires(): RememberedRequires {
  const requests = new Map<string, Set<string>>()
  let isForgetting = false

  return {
    add(parentURL, specifier) {
      const folder = dirname(fileURLToPath(parentURL))
      requests.set(folder, (requests.get(folder) ?? new Set()).add(specifier))
    },
    forget() {
      isForgetting = true
      for (const [folder, specifiers] of requests) {
        const ask = createRequire(join(folder, 'any.cjs'))
        for (const specifier of specifiers) {
          try {
            ask(specifier)
          } catch {
            // It is refused: only that it was asked counts.
          }
        }
      }
      requests.clear()
      isForgetting = false
    },
    refuse() {
      if (isForgetting) throw new Error('This is not to be loaded.')
    },
  }
}
