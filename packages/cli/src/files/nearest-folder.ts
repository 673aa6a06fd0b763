import { existsSync } from 'node:fs'
import { dirname } from 'node:path'

/** The folder of a file, or, where that is yet to be made, the nearest one above that is there. @param path absolute */
export function nearestFolder(path: string): string {
  const folder = dirname(path)
  return existsSync(folder) || folder === path ? folder : nearestFolder(folder)
}
