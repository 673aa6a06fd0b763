import { type ResolveFnOutput, registerHooks } from 'node:module'
import { isAbsolute } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { rememberRequires } from './remember-requires.js'

/** A module, with all that it imports, as it is loaded once. */
export interface ModuleVersion {
  /** What follows the URL of the module, and of each file that it imports: Node takes them for other modules than before. */
  readonly query: string
}

/** What is known of the imports of a module. */
export interface ImportTracker {
  /** Begins to load the module once more. What CommonJS keeps of its files has to be gone. */
  begin(): ModuleVersion
  /** Ends it: what is imported from now on has no version. */
  close(): void
}

/** Options of {@link trackImports}. */
export interface ImportTrackerOptions {
  /**
   * Is told of each file of the project that a version imports, before it is read: also of one that is not there, and of
   * one that is imported late. What is in node_modules is not of the project.
   */
  readonly onFile: (version: ModuleVersion, file: string) => void
  /** Whether the latest version is known to have this file. CommonJS does not say from which version it asks. */
  readonly isKnown: (file: string) => boolean
}

/** The name of the query. It is seen in stack traces: `bot.ts?reload=3`. */
const queryName = 'reload'

/** Counts for all trackers of the process, which share its modules. */
let count = 0

/** Gives what a module imports a version, by hooks of Node's loader, so that loading it again loads all of it again. */
export function trackImports({ onFile, isKnown }: ImportTrackerOptions): ImportTracker {
  const versions = new Map<string, ModuleVersion>()
  let latest: ModuleVersion | undefined

  /** The version that a file is of; of a CommonJS module, which has no query, the latest. */
  function versionOf(url: string | undefined): ModuleVersion | undefined {
    if (url?.startsWith('file:') !== true) return undefined
    const number = numberIn(url)
    if (number !== null) return versions.get(number)
    return isKnown(fileURLToPath(url)) ? latest : undefined
  }

  const requires = rememberRequires()
  const hooks = registerHooks({
    resolve(specifier, context, nextResolve) {
      requires.refuse()
      const { parentURL } = context
      const parent = versionOf(parentURL)
      let found: ResolveFnOutput
      try {
        found = nextResolve(specifier, context)
      } catch (error) {
        const file = missingFile(specifier, parentURL)
        if (parent !== undefined && file !== undefined) onFile(parent, file)
        throw error
      }
      if (!isOfProject(found.url)) return found
      const version = parent ?? versions.get(numberIn(found.url) ?? '')
      if (version === undefined) return found
      onFile(version, fileURLToPath(found.url))
      if (parentURL !== undefined && numberIn(parentURL) === null) requires.add(parentURL, specifier)
      return { ...found, url: withVersion(found.url, version) }
    },
  })

  return {
    begin() {
      requires.forget()
      count += 1
      latest = { query: `?${queryName}=${count}` }
      versions.set(String(count), latest)
      return latest
    },
    close: () => hooks.deregister(),
  }
}

function numberIn(url: string): string | null {
  return URL.canParse(url) ? new URL(url).searchParams.get(queryName) : null
}

/** An addon can't be loaded twice. */
function isOfProject(url: string): boolean {
  return url.startsWith('file:') && !url.includes('/node_modules/') && !/\.node(\?|$)/.test(url)
}

function withVersion(found: string, { query }: ModuleVersion): string {
  const url = new URL(found)
  for (const [name, value] of new URLSearchParams(query)) url.searchParams.set(name, value)
  return url.href
}

/** Where a file should be that is not; undefined for what is found in node_modules. */
function missingFile(specifier: string, parentURL: string | undefined): string | undefined {
  if (!/^(\.{0,2}\/|file:)/.test(specifier) && !isAbsolute(specifier)) return undefined
  const target = isAbsolute(specifier) ? pathToFileURL(specifier).href : specifier
  return URL.canParse(target, parentURL) ? fileURLToPath(new URL(target, parentURL)) : undefined
}
