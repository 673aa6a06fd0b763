import type { FunctionDefinition } from '@colloquy/session'
import { type Fields, isObject, optional, stringOf, wrong } from './fields.js'
import type { ReadyLine } from './program-line.js'

/**
 * Reads a `ready` line.
 *
 * @throws WrongFieldError
 */
export function readReady(fields: Fields): ReadyLine {
  const name = optional(fields, 'name', stringOf)
  return {
    ...(name === undefined || name === '' ? {} : { name }),
    functions: optional(fields, 'functions', functionsOf) ?? [],
    health: optional(fields, 'health', booleanOf) ?? false,
  }
}

function booleanOf(fields: Fields, name: string): boolean {
  const value = fields[name]
  if (typeof value !== 'boolean') throw wrong(value, name, 'true or false')
  return value
}

function functionsOf(fields: Fields, name: string): readonly FunctionDefinition[] {
  const list = fields[name]
  if (!Array.isArray(list)) throw wrong(list, name, 'an array')
  return list.map((item) => {
    if (!isObject(item)) throw wrong(item, `entry of ${name}`, 'an object')
    const { parameters } = item
    if (!isObject(parameters)) throw wrong(parameters, `parameters of an entry of ${name}`, 'an object')
    return { name: stringOf(item, 'name'), description: stringOf(item, 'description'), parameters }
  })
}
