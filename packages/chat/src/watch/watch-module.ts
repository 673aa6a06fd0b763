import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import type { ChatInterface } from '@colloquy/session'
import { checkModuleFile } from '../check-module-file.js'
import { findChat } from '../find-chat.js'
import { importModule } from '../import-module.js'
import { fileHash } from './file-hash.js'
import { type ModuleVersion, trackImports } from './track-imports.js'
import { watchFolders } from './watch-folders.js'

/** A module that can be loaded again and again. */
export interface WatchedModule {
  /**
   * Loads it, with all that it imports of the project.
   *
   * @throws ChatLoadError
   */
  load(): Promise<ChatInterface>
  /** Whether it, or what it imports, is any other than when it was loaded last, whether that led to anything or not. */
  hasChanged(): boolean
  /** Watches no more. */
  close(): void
}

/** Options of {@link watchModule}. */
export interface WatchModuleOptions {
  /** Called when it may have changed. */
  readonly onChange: () => void
  /** Is told when a folder can't be watched. */
  readonly onFault: (folder: string, error: Error) => void
}

/** In so many files a syntax error is looked for that has no place. */
const mostSuspects = 20

/** Watches a module, and what it imports. */
export function watchModule(file: string, { onChange, onFault }: WatchModuleOptions): WatchedModule {
  /** The files of the latest version, and what they held before they were read. */
  let files = new Map<string, string | null>()
  /** Of one that is not loaded: also the files of the one before, since it may not have come to all that it imports. */
  let earlier: ReadonlyMap<string, string | null> = new Map()
  let latest: ModuleVersion | undefined
  const { cache } = createRequire(import.meta.url)

  const isKnown = (path: string) => files.has(path) || earlier.has(path)
  const folders = watchFolders({
    onChange(path) {
      if (path === null || isKnown(path)) onChange()
    },
    onFault,
  })
  const imports = trackImports({
    isKnown,
    onFile(version, path) {
      if (version === latest) addFile(path)
    },
  })

  function addFile(path: string): void {
    if (files.has(path)) return
    folders.add(dirname(path)) // before it is looked at, so that no change is missed
    files.set(path, fileHash(path))
  }

  /** Where a syntax error may be: in what has changed, more likely than in anything else. */
  function suspects(changed: readonly string[]): readonly string[] {
    return [...new Set([...changed, ...files.keys()])]
      .filter((path) => path !== file && /\.[cm]?[jt]s$/.test(path))
      .slice(0, mostSuspects)
  }

  return {
    async load() {
      const known = new Map([...earlier, ...files])
      const changed = [...known.keys()].filter((path) => fileHash(path) !== known.get(path))
      earlier = new Map([...known.keys()].map((path) => [path, fileHash(path)]))
      files = new Map()
      for (const path of known.keys()) Reflect.deleteProperty(cache, path) // CommonJS has no versions
      const version = imports.begin()
      latest = version
      addFile(file)
      await checkModuleFile(file)
      const exports = await importModule(file, { query: version.query, others: () => suspects(changed) })
      const chat = await findChat(exports, file)
      if (version === latest) {
        earlier = new Map()
        folders.keep(new Set([...files.keys()].map((path) => dirname(path))))
      }
      return chat
    },
    hasChanged: () => [...new Map([...earlier, ...files])].some(([path, hash]) => hash !== fileHash(path)),
    close() {
      folders.close()
      imports.close()
    },
  }
}
