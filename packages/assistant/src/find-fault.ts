import type { JsonObject } from '@colloquy/session'

/**
 * Checks a value against the part of JSON Schema that this package uses: `type`, `enum`, `anyOf`, `properties`,
 * `required`, `additionalProperties: false`, `items`, and the limits of numbers, strings and arrays.
 *
 * @returns what is wrong, with the place, or `null` when nothing is
 */
export function findFault(schema: JsonObject, value: unknown, place: string): string | null {
  const choices = schema['anyOf']
  if (Array.isArray(choices)) {
    const fits = choices.some((choice: JsonObject) => findFault(choice, value, place) === null)
    return fits ? null : `${place} has none of the allowed shapes`
  }
  const type = schema['type'] as string
  if (isOf[type]?.(value) !== true) return `${place} must be of type ${type}`
  const allowed = schema['enum']
  if (Array.isArray(allowed) && !allowed.includes(value)) {
    return `${place} must be one of ${allowed.join(', ')}`
  }
  if (typeof value === 'number') return findLimitFault(schema, 'imum', value, place)
  if (typeof value === 'string')
    return findLimitFault(schema, 'Length', value.length, `the length of ${place}`)
  if (Array.isArray(value)) return findArrayFault(schema, value, place)
  if (typeof value === 'object' && value !== null) return findObjectFault(schema, value, place)
  return null
}

const isOf: Readonly<Record<string, (value: unknown) => boolean>> = {
  null: (value) => value === null,
  boolean: (value) => typeof value === 'boolean',
  string: (value) => typeof value === 'string',
  number: (value) => Number.isFinite(value),
  integer: (value) => Number.isSafeInteger(value),
  array: (value) => Array.isArray(value),
  object: (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
}

function findLimitFault(schema: JsonObject, suffix: string, size: number, place: string): string | null {
  const least = schema[`min${suffix}`]
  const most = schema[`max${suffix}`]
  if (typeof least === 'number' && size < least) return `${place} must be at least ${least}`
  if (typeof most === 'number' && size > most) return `${place} must be at most ${most}`
  return null
}

function findArrayFault(schema: JsonObject, values: readonly unknown[], place: string): string | null {
  const fault = findLimitFault(schema, 'Items', values.length, `the length of ${place}`)
  if (fault !== null) return fault
  for (const [index, value] of values.entries()) {
    const inner = findFault(schema['items'] as JsonObject, value, `${place}[${index}]`)
    if (inner !== null) return inner
  }
  return null
}

function findObjectFault(schema: JsonObject, value: object, place: string): string | null {
  const properties = schema['properties'] as JsonObject
  for (const name of (schema['required'] ?? []) as readonly string[]) {
    if (!Object.hasOwn(value, name)) return `${place} lacks ${name}`
  }
  for (const [name, inner] of Object.entries(value)) {
    // An own property only: "constructor" must not find Object's.
    if (!Object.hasOwn(properties, name)) return `${place} has no ${JSON.stringify(name.slice(0, 40))}`
    const fault = findFault(properties[name] as JsonObject, inner, `${place}.${name}`)
    if (fault !== null) return fault
  }
  return null
}
