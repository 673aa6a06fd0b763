import { hasReply } from './has-reply.js'
import type { ModuleExports } from './import-module.js'

/** The exports that count, in the order in which they do. */
const names = ['default', 'chat', 'createChat'] as const

/** An export that is a chat, or makes one. */
export interface ChosenExport {
  readonly name: (typeof names)[number]
  readonly value: unknown
}

/**
 * Chooses the export that is meant: the default one, else `chat`, else `createChat`; the first that is a function, a class, an
 * object with `reply`, or a promise. What a CommonJS module exports is its default export, and the properties of that are
 * its named ones; one that was compiled from an ES module has a default export among them.
 */
export function chooseExport(exports: ModuleExports): ChosenExport | undefined {
  const inner = innerExports(exports['default'])
  for (const name of names) {
    const value = [exports[name], inner[name]].find(name === 'createChat' ? isFunction : mayBeChat)
    if (value !== undefined) return { name, value }
  }
  return undefined
}

function innerExports(value: unknown): ModuleExports {
  if (typeof value !== 'object' || value === null) return {}
  const { default: compiled, chat, createChat, __esModule } = value as ModuleExports
  return { chat, createChat, ...(__esModule === true ? { default: compiled } : {}) }
}

function mayBeChat(value: unknown): boolean {
  return isFunction(value) || hasReply(value) || isThenable(value)
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isThenable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function'
}
