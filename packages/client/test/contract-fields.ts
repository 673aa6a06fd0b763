import { createOpenApiDocument } from '@colloquy/contract/openapi'

/** A schema of the document, as far as fields have kinds. */
interface Schema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly enum?: readonly string[]
  readonly anyOf?: readonly Schema[]
  readonly oneOf?: readonly Schema[]
  readonly properties?: Readonly<Record<string, Schema>>
  readonly required?: readonly string[]
}

const schemas = createOpenApiDocument({ version: '1.0.0' }).components?.schemas as Readonly<
  Record<string, Schema>
>

/** The fields that the contract promises of one of its objects, each with the letters of its kinds in alphabetical order. */
export function fieldsOf(name: string): Record<string, string> {
  return fieldsIn(resolve({ $ref: name }))
}

/** The same of the data of each type of event. Of data that has several forms, what all of them have. */
export function eventFields(): Record<string, Record<string, string>> {
  const events = schemas['TurnEvent']?.oneOf?.map(resolve) ?? []
  return Object.fromEntries(
    events.map(({ properties }) => {
      const { anyOf, ...data } = resolve(properties?.['data'])
      const [first = {}, ...others] = (anyOf ?? [data]).map((form) => fieldsIn(resolve(form)))
      const shared = Object.entries(first).filter(([name]) => others.every((other) => name in other))
      return [String(properties?.['type']?.enum?.[0]), Object.fromEntries(shared)]
    }),
  )
}

function fieldsIn({ properties = {}, required = [] }: Schema): Record<string, string> {
  return Object.fromEntries(required.map((name) => [name, kindsOf(properties[name])]))
}

function kindsOf(schema: Schema | undefined): string {
  const { anyOf, type = [] } = resolve(schema)
  const kinds = anyOf?.map(kindsOf) ?? [type].flat().map((one) => letters[one] ?? `(${one})`)
  return kinds.toSorted().join('')
}

const letters: Readonly<Record<string, string>> = {
  string: 's',
  number: 'n',
  integer: 'n',
  boolean: 'b',
  array: 'a',
  object: 'o',
  null: '?',
}

function resolve(schema: Schema | undefined): Schema {
  if (schema?.$ref === undefined) return schema ?? {}
  const name = schema.$ref.replace('#/components/schemas/', '')
  const found = schemas[name]
  if (found === undefined) throw new Error(`The contract has no ${name}`)
  return resolve(found)
}
