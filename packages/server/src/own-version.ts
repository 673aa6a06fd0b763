import { createRequire } from 'node:module'

/** The version of this package. */
export function ownVersion(): string {
  // By the name of this package: the code may have been put into a file of another one.
  const { version } = createRequire(import.meta.url)('@colloquy/server/package.json') as { version: string }
  return version
}
