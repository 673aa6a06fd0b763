import type { SessionExport } from '@colloquy/session'
import { z } from 'zod'

/** The name of the format, and the version of it that is written: the newest that is read. */
const format = 'colloquy-sessions'
const version = 1

/** The first line of an export. @param now in milliseconds since 1970 */
export function headerLine(now: number): string {
  return `${JSON.stringify({ format, version, exportedAt: new Date(now).toISOString() })}\n`
}

/** The line of a session. */
export function sessionLine(session: SessionExport): string {
  return `${JSON.stringify(session)}\n`
}

/** What is wrong with the value of the first line; undefined when nothing is. */
export function headerFault(value: unknown): string | undefined {
  const header = headerSchema.safeParse(value).data
  if (header === undefined) {
    return `it is not the first line of an export. Example: {"format":"${format}","version":${version}}`
  }
  if (header.version <= version) return undefined
  return `the export is of version ${header.version}, and this program knows up to ${version}. Use a newer one.`
}

// What else it says is for people.
const headerSchema = z.looseObject({ format: z.literal(format), version: z.int().min(1) })
