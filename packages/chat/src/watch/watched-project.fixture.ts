import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { ChatContext, ChatInterface, Logger } from '@colloquy/session'
import { onTestFinished } from 'vitest'
import { type Reload, type WatchChatOptions, type WatchedChat, watchChat } from './index.js'

/** A folder with modules, and what comes of watching one of them. */
export interface WatchedProject {
  readonly folder: string
  write(name: string, ...lines: string[]): string
  remove(name: string): void
  /** Watches a module, until the test ends. */
  watch(name: string, options?: WatchChatOptions): Promise<WatchedChat>
  /** Waits for the next reload that nobody has waited for. */
  reload(): Promise<Reload>
  /** Reloads that nobody has waited for. */
  readonly unread: readonly Reload[]
  /** What was logged. */
  readonly log: LogLine[]
}

export interface LogLine {
  readonly level: string
  readonly message: string
  readonly [field: string]: unknown
}

/** Makes a folder, which is removed after the test. */
export function createProject(files: Readonly<Record<string, string>> = {}): WatchedProject {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-chat-modules-')) // vitest.config.ts knows this name
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const unread: Reload[] = []
  const log: LogLine[] = []
  let wake = () => {}

  function write(name: string, ...lines: string[]): string {
    const file = join(folder, name)
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, `${lines.join('\n')}\n`)
    return file
  }
  for (const [name, text] of Object.entries(files)) write(name, text)

  return {
    folder,
    write,
    unread,
    log,
    remove: (name) => rmSync(join(folder, name), { recursive: true }),
    async watch(name, options = {}) {
      const chat = await watchChat(name, {
        cwd: folder,
        debounceMs: 20,
        logger: recorder(log),
        onReload(reload) {
          unread.push(reload)
          wake()
        },
        ...options,
      })
      onTestFinished(() => chat.close())
      return chat
    },
    async reload() {
      for (;;) {
        const first = unread.shift()
        if (first !== undefined) return first
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      }
    },
  }
}

function recorder(log: LogLine[]): Logger {
  const at = (level: string) => (fields: object, message: string) => log.push({ ...fields, level, message })
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    child: () => recorder(log),
  }
}

/** All that a chat answers to a message. */
export async function ask(chat: ChatInterface, message = 'hi'): Promise<string> {
  let text = ''
  for await (const chunk of chat.reply(message, {} as ChatContext))
    text += typeof chunk === 'string' ? chunk : JSON.stringify(chunk)
  return text
}
