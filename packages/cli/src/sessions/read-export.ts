import type { SessionExport } from '@colloquy/session'
import { jsonFault } from '../output/json-fault.js'
import { headerFault } from './export-format.js'
import { findContradiction } from './find-contradiction.js'
import type { ImportSource } from './import-source.js'
import { readLines } from './read-lines.js'
import { sessionSchema } from './session-schema.js'

/** A line of an export: a session, or what is wrong with it. */
export type ExportLine =
  | { readonly number: number; readonly session: SessionExport }
  | { readonly number: number; readonly fault: string }

/**
 * Reads an export line by line, and checks each. A first line that is wrong is the last one: what follows can be anything.
 *
 * @throws CommandError when it can't be read
 */
export async function* readExport(source: Pick<ImportSource, 'name' | 'read'>): AsyncGenerator<ExportLine> {
  let isFirst = true
  for await (const { number, text, hasEnd } of readLines(source)) {
    if (isFirst) {
      const fault = faultOfFirst(text)
      if (fault !== undefined) {
        yield { number, fault }
        return
      }
      isFirst = false
    } else {
      yield { number, ...readSession(text, hasEnd) }
    }
  }
  if (isFirst) yield { number: 1, fault: 'it is empty: there is not even the first line of an export.' }
}

function faultOfFirst(text: string): string | undefined {
  const read = readJson(text)
  return headerFault('value' in read ? read.value : undefined)
}

function readSession(
  text: string,
  hasEnd: boolean,
): { readonly session: SessionExport } | { readonly fault: string } {
  const read = readJson(text)
  if ('fault' in read) {
    return hasEnd ? read : { fault: `${read.fault} Nothing ends the line: the file may not be whole.` }
  }
  const { error } = sessionSchema.safeParse(read.value)
  if (error !== undefined) return { fault: describeIssue(error.issues[0], error.issues.length) }
  const session = read.value as SessionExport // as it was written, its keys in the same order
  const contradiction = findContradiction(session)
  return contradiction === undefined ? { session } : { fault: `${contradiction}.` }
}

function readJson(text: string): { readonly value: unknown } | { readonly fault: string } {
  try {
    return { value: JSON.parse(text) as unknown }
  } catch {
    return {
      fault: `it is no JSON: ${jsonFault(text).replace(/ in line 1, column (\d+)$/, ' in column $1')}.`,
    }
  }
}

interface Issue {
  readonly path: readonly PropertyKey[]
  readonly message: string
}

/** Where a value is wrong, and how. The value is not shown: it may be somebody's message. */
function describeIssue(issue: Issue | undefined, count: number): string {
  const { path = [], message = '' } = issue ?? {}
  const place = path.length === 0 ? '' : `/${path.map(String).join('/')}: `
  return `${place}${message}${count > 1 ? `, and ${count - 1} more` : ''}.`
}
