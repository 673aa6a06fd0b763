import * as fc from 'fast-check'

/** Names that every object seems to have, and some that the API knows. */
const knownNames =
  '__proto__ constructor prototype toString hasOwnProperty valueOf then toJSON message session_id stream metadata ' +
  'ttl_seconds length 0 a/b a~b \\ud800'

const names = fc.oneof(
  fc.constantFrom('', ...knownNames.split(' ')),
  fc.string({ maxLength: 8 }).map((text) => JSON.stringify(text).slice(1, -1)),
)

/** Values as JSON text, those included that no JavaScript value is written as. */
const knownScalars =
  'null true false 0 -0 1 1.0 1e0 0.1 1e400 -1e400 1e-400 5e-324 9007199254740993 2592000 2592001 "" "\\u0000" ' +
  '"\\ud800" "\\udc00\\ud800" "\\ud83d\\ude00" "\\u2028" "__proto__"'

const longScalars = ['9'.repeat(400), `0.${'1'.repeat(400)}`, `"${'x'.repeat(600)}"`]

const scalars = fc.oneof(
  fc.constantFrom(...knownScalars.split(' '), ...longScalars),
  fc.string({ unit: 'binary', maxLength: 20 }).map((text) => JSON.stringify(text)),
  fc.double().map(String), // with NaN and Infinity, which JSON has not
  fc.integer().map(String),
)

/** A value, or one inside many arrays or objects. */
const deep = fc
  .tuple(scalars, fc.constantFrom('[', '{"a":', '{"__proto__":'), fc.constantFrom(1, 3, 100, 5_000))
  .map(([inner, open, depth]) => open.repeat(depth) + inner + (open === '[' ? ']' : '}').repeat(depth))

const { value: values, object: objects } = fc.letrec<{ value: string; object: string }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    { weight: 6, arbitrary: scalars },
    { weight: 1, arbitrary: deep },
    { weight: 2, arbitrary: tie('object') },
    { weight: 1, arbitrary: fc.array(tie('value'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`) },
  ),
  object: fc
    .array(fc.tuple(names, tie('value')), { maxLength: 5 }) // the same name may stand there twice
    .map((pairs) => `{${pairs.map(([name, value]) => `"${name}":${value}`).join(',')}}`),
}))

/** An object of so many pairs that nobody could have meant it. */
const wide = fc
  .tuple(fc.constantFrom(17, 1_000), scalars)
  .map(([count, value]) => `{${Array.from({ length: count }, (_, n) => `"key ${n}":${value}`).join(',')}}`)

/** An object with fields of these names, whatever their values: a request that is nearly right. */
function nearly(fields: readonly string[]): fc.Arbitrary<string> {
  const value = fc.oneof(values, wide, fc.constantFrom('"hi"', '60', '{"channel":"web"}', '{"channel":null}'))
  const pairs = fields.map((name) => fc.option(fc.tuple(fc.constant(name), value), { freq: 4 }))
  return fc
    .tuple(fc.option(fc.tuple(names, values), { freq: 1 }), ...pairs)
    .map((chosen) => chosen.filter((pair) => pair !== null))
    .map((chosen) => `{${chosen.map(([name, value]) => `"${name}":${value}`).join(',')}}`)
}

/** Texts that are JSON, or nearly: any, and objects with fields of these names. */
export function jsonText(fields: readonly string[]): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 2, arbitrary: values },
    { weight: 2, arbitrary: objects },
    { weight: 1, arbitrary: wide },
    { weight: 5, arbitrary: nearly(fields) },
    { weight: 1, arbitrary: fc.tuple(objects, fc.nat(100)).map(([text, length]) => text.slice(0, length)) },
  )
}
