import assert from 'node:assert/strict'
import { jsonFault } from './json-fault.js'

/** The types of JSON Schema 2020-12 (Validation, section 6.1.1). */
const types: ReadonlySet<unknown> = new Set([
  'null',
  'boolean',
  'object',
  'array',
  'number',
  'string',
  'integer',
])

/** The parameters of a function are a JSON Schema: an object of JSON data, whose commonest keywords have the right form. */
export function checkParameters(parameters: unknown): void {
  assert(isObject(parameters), 'The parameters of a function are no object')
  const fault = jsonFault(parameters, 'parameters')
  assert(fault === null, `Of a function, ${fault}`)
  const { type = [], properties = {}, required = [] } = parameters
  for (const name of Array.isArray(type) ? type : [type])
    assert(types.has(name), 'The parameters of a function have a type that JSON Schema does not know')
  assert(isObject(properties), 'The properties of the parameters of a function are no object')
  for (const schema of Object.values(properties))
    assert(isObject(schema) || typeof schema === 'boolean', 'A property of the parameters has no schema')
  assert(
    Array.isArray(required) && required.every((name) => typeof name === 'string'),
    'What is required of the parameters of a function is no list of names',
  )
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
