/**
 * What clients see of a call that could not be made: one sentence, without the names of the SDK's classes and without the
 * arguments. Undefined for any other error.
 */
export function invalidCallText(name: string, error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined
  if (error.name === 'AI_NoSuchToolError') return `There is no function ${shown(name)}.`
  if (error.name !== 'AI_InvalidToolInputError') return undefined
  const fault = firstFault(error)
  if (fault === 'no JSON') return `The arguments of the function ${shown(name)} are no JSON.`
  return `The arguments of the function ${shown(name)} do not fit${fault === '' ? '' : `: ${fault}`}.`
}

/** A model may call what is no name at all. */
function shown(name: string): string {
  return name.slice(0, 64).toWellFormed()
}

/** Where the first fault is: of the causes, the one that lists its faults (Standard Schema: `issues`, each with a `path`). */
function firstFault(error: Error): string {
  for (let at: unknown = error.cause, depth = 0; depth < 8; depth += 1) {
    if (!(at instanceof Error) && !hasIssues(at)) return ''
    if (at instanceof Error && at.name === 'AI_JSONParseError') return 'no JSON'
    if (hasIssues(at)) {
      const path = at.issues[0]?.path ?? []
      const keys = path.map((key) =>
        typeof key === 'object' && key !== null && 'key' in key ? key.key : key,
      )
      return keys.length === 0 ? '' : `look at ${keys.map(String).join('.').slice(0, 200).toWellFormed()}`
    }
    at = at.cause
  }
  return ''
}

interface Faults {
  readonly issues: readonly { readonly path?: readonly unknown[] }[]
}

function hasIssues(value: unknown): value is Faults {
  return typeof value === 'object' && value !== null && 'issues' in value && Array.isArray(value.issues)
}
