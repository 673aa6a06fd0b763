import { createRequire } from 'node:module'

/** What is read of this package's manifest. */
interface Manifest {
  readonly version: string
  readonly dependencies: Readonly<Record<string, string>>
  readonly devDependencies: Readonly<Record<string, string>>
  readonly peerDependencies: Readonly<Record<string, string>>
}

/**
 * The range of versions of a package that goes with this release: what this release itself asks for. In the workspace, where
 * the manifest names no versions yet, its own for the packages of the workspace, and any for others.
 */
export function releaseRange(packageName: string): string {
  const manifest = createRequire(import.meta.url)('colloquy/package.json') as Manifest
  const { version, dependencies, devDependencies, peerDependencies } = manifest
  const ranges: Readonly<Record<string, string>> = {
    ...devDependencies,
    ...peerDependencies,
    ...dependencies,
    colloquy: `^${version}`,
  }
  const range = ranges[packageName] ?? '*'
  if (range.startsWith('workspace:')) return `^${version}`
  return range.startsWith('catalog:') ? '*' : range
}
