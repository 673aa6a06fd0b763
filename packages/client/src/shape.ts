type NameOf<Value> = Value extends string
  ? 'string'
  : Value extends number
    ? 'number'
    : Value extends boolean
      ? 'boolean'
      : Value extends readonly unknown[]
        ? 'array'
        : 'object'

type KindOf<Value> = null extends Value ? `${NameOf<NonNullable<Value>>} or null` : NameOf<Value>

type RequiredKey<Type> = { [Key in keyof Type]-?: undefined extends Type[Key] ? never : Key }[keyof Type]

/** The required fields of an object type, each with the kind of its value (`any` is any JSON value), and none missing. */
export type Shape<Type> = { readonly [Key in RequiredKey<Type>]: KindOf<Type[Key]> | 'any' }

/**
 * Whether a value is an object whose required fields are of the right kinds. What is inside the fields is believed,
 * and fields beyond the shape are left alone: the contract may grow.
 */
export function hasShape<Type extends object>(value: unknown, shape: Shape<Type>): value is Type {
  return fitsShape(value, { ...shape })
}

/** `hasShape` for a shape whose type is known only at run time. */
export function fitsShape(value: unknown, shape: Readonly<Record<string, string>>): boolean {
  if (kindOf(value) !== 'object') return false
  const fields = value as Readonly<Record<string, unknown>>
  return Object.entries(shape).every(([name, kind]) => fitsKind(fields[name], kind))
}

function fitsKind(value: unknown, kind: string): boolean {
  if (kind === 'any') return value !== undefined
  return kind.split(' or ').includes(kindOf(value))
}

function kindOf(value: unknown): string {
  if (value === null) return 'null'
  return Array.isArray(value) ? 'array' : typeof value
}
