import {
  type ChatInterface,
  type Clock,
  type Logger,
  logForeign,
  silentLogger,
  systemClock,
} from '@colloquy/session'
import { ChatLoadError } from '../chat-load-error.js'
import { type LoadChatOptions, toFile } from '../load-chat.js'
import { loadFailure } from '../load-failure.js'
import { startCaller } from './chat-version.js'
import { createNewestChat } from './newest-chat.js'
import { watchModule } from './watch-module.js'

/** Options of {@link watchChat}. */
export interface WatchChatOptions extends LoadChatOptions {
  /** Is told of each reload, and of what fails. Default: nobody is. */
  readonly logger?: Logger
  /** How long nothing may have changed before it is loaded again, in milliseconds. Default: 100. */
  readonly debounceMs?: number
  /** Called after each reload, whether it has led to anything or not. It must not throw. Default: nothing is. */
  readonly onReload?: (reload: Reload) => void
  /** Default: the machine's own. */
  readonly clock?: Clock
}

/** What came of a change. */
export type Reload =
  | { readonly status: 'reloaded'; readonly name: string }
  /** The one before goes on. */
  | { readonly status: 'failed'; readonly error: ChatLoadError }

/** A chat interface that is always the newest of its module. */
export interface WatchedChat extends ChatInterface {
  /** Watches no more; the newest one goes on answering. `stop` does so as well. May be called again. */
  close(): void
}

/**
 * Loads a module as {@link loadChat} does, and again whenever its file changes, or any file that it imports, outside of
 * node_modules. The new chat is started and takes over: each message is answered by the newest one, and a reply that is
 * running goes on to its end with the one that began it, which is stopped after the last of these. A module that fails to
 * load, or to start, changes nothing but the log. The state of a session is the session's: what one version has left there,
 * the next one is given.
 *
 * For development: Node keeps every version of the modules in memory, and so what these keep for themselves begins anew with
 * each. Files that are read and not imported are not watched, and an ES module that a CommonJS module requires is never
 * loaded again. The new chat starts before the old one stops, so what only one can have at a time, such as a port, has to be
 * shared. `import.meta.url` has a query, such as `?reload=3`; `import.meta.filename` has none.
 *
 * It watches until `stop` or `close` is called, and keeps no process alive.
 *
 * @param path of the module, as for {@link loadChat}
 * @throws ChatLoadError when the first load fails; then nothing is watched
 */
export async function watchChat(path: string | URL, options: WatchChatOptions = {}): Promise<WatchedChat> {
  const {
    cwd = process.cwd(),
    logger = silentLogger,
    debounceMs = 100,
    onReload = () => {},
    clock = systemClock,
  } = options
  const file = toFile(path, cwd)
  let isClosed = false
  let attempts = 0
  let cancelTimer = () => {}

  const module = watchModule(file, {
    onChange() {
      cancelTimer()
      if (!isClosed) cancelTimer = clock.after(debounceMs, reloadIfChanged, { background: true })
    },
    onFault(folder, err) {
      logger.warn({ folder, err }, 'a folder can not be watched; changes in it take a restart')
    },
  })
  const newest = createNewestChat(await loadFirst(), {
    clock,
    onStopFault: (err) =>
      logForeign(logger, 'error', { err }, 'a chat interface that was replaced failed to stop'),
  })
  const { chat } = newest
  reloadIfChanged() // since it was read

  async function loadFirst(): Promise<ChatInterface> {
    try {
      return await module.load()
    } catch (error) {
      close()
      throw error
    }
  }

  function reloadIfChanged(): void {
    if (!isClosed && module.hasChanged()) void reload()
  }

  /** A change in the meantime begins another one, and the latest counts: so one that hangs holds up nothing. */
  async function reload(): Promise<void> {
    const begun = clock.monotonic()
    attempts += 1
    const attempt = attempts
    const isWanted = () => attempt === attempts && !isClosed
    const error = await replaceBy(isWanted)
    if (!isWanted()) return
    if (error === undefined) {
      const took = Math.round(clock.monotonic() - begun)
      logger.info({ module: file, chat: chat.name, duration_ms: took }, 'chat interface reloaded')
      onReload({ status: 'reloaded', name: chat.name })
    } else {
      // The message has the author's frames; those of the cause would be Node's and ours as well.
      const err = new ChatLoadError(error.code, file, [error.message])
      logger.error({ module: file, err }, 'the chat interface could not be reloaded; the one before goes on')
      onReload({ status: 'failed', error })
    }
  }

  async function replaceBy(isWanted: () => boolean): Promise<ChatLoadError | undefined> {
    try {
      const next = await module.load()
      await newest.replace(next, isWanted)
      return undefined
    } catch (cause) {
      if (cause instanceof ChatLoadError) return cause
      return loadFailure({ what: `${file} could not be started`, file, caller: startCaller, cause })
    }
  }

  function close(): void {
    isClosed = true
    cancelTimer()
    module.close()
  }

  return Object.assign(chat, {
    close,
    stop() {
      close()
      return newest.stop()
    },
  })
}
