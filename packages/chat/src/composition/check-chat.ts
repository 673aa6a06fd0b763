import type { ChatInterface } from '@colloquy/session'
import { isClass, shapeOf } from '../shape-of.js'

/**
 * Checks that a value is a chat interface.
 *
 * @param caller the function that was given it, for the message
 * @throws TypeError that tells what to do, for anything else
 */
export function checkChat(caller: string, value: unknown): asserts value is ChatInterface {
  if (typeof value === 'function') {
    const hint = isClass(value) ? `an instance of it: new ${value.name}()` : 'defineChat() of it'
    throw new TypeError(`${caller}() was given a ${isClass(value) ? 'class' : 'function'}. Give it ${hint}.`)
  }
  if (isChat(value)) return
  throw new TypeError(
    `${caller}() was given: ${shapeOf(value)}. Expected: a chat interface, with a name and a method reply, ` +
      'as defineChat() makes it.',
  )
}

function isChat(value: unknown): value is ChatInterface {
  if (typeof value !== 'object' || value === null) return false
  const { name, reply } = value as Partial<Record<keyof ChatInterface, unknown>>
  return typeof name === 'string' && typeof reply === 'function'
}
