import { basename } from 'node:path'

/** A name for the package in a folder: what npm allows of the folder's, or `bot`. @param folder absolute */
export function projectName(folder: string): string {
  const name = basename(folder)
    .toLowerCase()
    .replaceAll(/[^a-z\d._-]+/g, '-')
    .replaceAll(/^[^a-z\d]+|-+$/g, '')
    .slice(0, 200)
  return name === '' || name === 'node_modules' ? 'bot' : name
}
