import { join, resolve } from 'node:path'

/** A store, by its kind and where it is. */
export type StorePlace =
  | { readonly kind: 'memory' }
  | {
      readonly kind: 'sqlite'
      /** The file. */
      readonly path: string
    }

/** The name of the file in a data folder. */
const fileName = 'colloquy.db'

/** Reads a setting such as `sqlite:data/colloquy.db`; undefined when it is none. */
export function readStorePlace(text: string): StorePlace | undefined {
  if (text === 'memory') return { kind: 'memory' }
  const [, path = ''] = /^sqlite:(.*)$/s.exec(text) ?? []
  // SQLite's own word for a database in memory, which would be gone with the process: here, `memory` is that.
  return path.trim() === '' || path === ':memory:' ? undefined : { kind: 'sqlite', path }
}

/** Tells whether a text is a setting of a store. */
export function isStore(text: string): boolean {
  return readStorePlace(text) !== undefined
}

/** The setting with an absolute path. @param folder that a relative path counts from */
export function absoluteStore(text: string, folder: string): string {
  const place = readStorePlace(text)
  return place?.kind === 'sqlite' ? `sqlite:${resolve(folder, place.path)}` : text
}

/** The setting of the store that a data folder has when none is named. */
export function storeIn(dataDir: string): string {
  return `sqlite:${join(dataDir, fileName)}`
}
