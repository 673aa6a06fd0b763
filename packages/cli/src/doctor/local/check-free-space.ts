import { statfs } from 'node:fs/promises'
import { type Finding, fault, ok, warning } from '../finding.js'

const MB = 1_000_000

/** Below this, a store soon finds no room; below the other, it finds none now. In bytes. */
const scarce = 500 * MB
const none = 20 * MB

/** Looks at the room that is left where a folder is. @param free in bytes. Default: what the system says */
export async function checkFreeSpace(folder: string, free?: number): Promise<readonly Finding[]> {
  const left = free ?? (await freeIn(folder))
  const found = `${Math.floor(left / MB)} MB are free in ${folder}.`
  if (left < none) return [fault(found, 'Make room: nothing more can be written.')]
  if (left < scarce) return [warning(found, 'Make room, or keep sessions for a shorter time: --session-ttl')]
  return [ok(found)]
}

async function freeIn(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(folder)
  return bavail * bsize
}
