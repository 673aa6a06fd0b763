import { type FSWatcher, statSync, watch } from 'node:fs'
import { basename, dirname, join } from 'node:path'

/** Options of {@link watchFolders}. */
export interface FolderWatchOptions {
  /** Is told the path of what may have changed; null when anything may have. */
  readonly onChange: (path: string | null) => void
  /** Is told when a folder can't be watched. */
  readonly onFault: (folder: string, error: Error) => void
}

/** Folders that are watched. */
export interface FolderWatch {
  /** Watches a folder, too. */
  add(folder: string): void
  /** Watches these folders only. */
  keep(folders: ReadonlySet<string>): void
  close(): void
}

/**
 * Watches folders rather than files: editors put a new file in the place of the old one, and what watched that hears no more.
 * One that is not there is waited for in the nearest folder above it that is. The process may end while they are watched.
 */
export function watchFolders({ onChange, onFault }: FolderWatchOptions): FolderWatch {
  let wanted: ReadonlySet<string> = new Set()
  const watchers = new Map<string, { readonly watcher: FSWatcher; readonly identity: string }>()

  /** Watches what is wanted and there. Tells whether anything is watched that was not before. */
  function sync(): boolean {
    const needed = new Map([...wanted].map(nearestFolder))
    for (const [folder, { identity }] of watchers) if (needed.get(folder) !== identity) leave(folder)
    const fresh = [...needed].filter(([folder]) => !watchers.has(folder))
    for (const [folder, identity] of fresh) open(folder, identity)
    return fresh.length > 0
  }

  function open(folder: string, identity: string): void {
    try {
      const watcher = watch(folder, { persistent: false }, (_event, name) => hear(folder, name))
      watchers.set(folder, { watcher, identity })
      watcher.on('error', () => {
        leave(folder) // as where it was removed, on Windows
        settle(null)
      })
    } catch (error) {
      onFault(folder, error as Error)
    }
  }

  function leave(folder: string): void {
    watchers.get(folder)?.watcher.close()
    watchers.delete(folder)
  }

  function hear(folder: string, name: string | null): void {
    // Linux tells by its own name that a folder has gone; another one may be in its place already.
    if (name === basename(folder)) leave(folder)
    settle(name === null ? null : join(folder, name))
  }

  function settle(path: string | null): void {
    onChange(sync() ? null : path)
  }

  function keep(folders: ReadonlySet<string>): void {
    wanted = folders
    sync()
  }

  return {
    add(folder) {
      if (!wanted.has(folder)) keep(new Set([...wanted, folder]))
    },
    keep,
    close: () => keep(new Set()),
  }
}

/** A folder, or the nearest one above it that is there, and what tells it from another one of its name. */
function nearestFolder(folder: string): [path: string, identity: string] {
  const stats = statSync(folder, { bigint: true, throwIfNoEntry: false })
  if (stats?.isDirectory() === true) return [folder, [stats.dev, stats.ino, stats.birthtimeNs].join(':')]
  const above = dirname(folder)
  return above === folder ? [folder, ''] : nearestFolder(above)
}
