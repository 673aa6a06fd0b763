import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { readSource, type SourceFile } from './read-source.ts'

/** A package of the workspace, as far as its imports are concerned. */
export interface Package {
  /** From the root on: `packages/session`. */
  readonly folder: string
  readonly name: string
  /** The subpaths that it exports: `.`, `./memory`. */
  readonly exports: readonly string[]
  /** What its users get with it: dependencies, peer and optional ones. */
  readonly dependencies: readonly string[]
  readonly devDependencies: readonly string[]
  readonly files: readonly SourceFile[]
}

/** The workspace's root. */
export const root = join(import.meta.dirname, '..')

/** The built client, which a page can load as it is. */
export const builtClient = join(root, 'packages/client/dist/index.js')

/** The folders of the workspace's packages and apps, from the root on. */
export function packageFolders(): string[] {
  return ['packages', 'apps']
    .flatMap((parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`))
    .filter((folder) => existsSync(join(root, folder, 'package.json')))
}

/** Reads every package of the workspace with its sources. */
export function readWorkspace(): Package[] {
  return packageFolders().map((folder) => {
    const manifest = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8')) as Manifest
    const dependencies = [manifest.dependencies, manifest.peerDependencies, manifest.optionalDependencies]
    return {
      folder,
      name: manifest.name,
      exports: Object.keys(manifest.exports ?? {}),
      dependencies: dependencies.flatMap((group) => Object.keys(group ?? {})),
      devDependencies: Object.keys(manifest.devDependencies ?? {}),
      files: readSources(folder),
    }
  })
}

interface Manifest {
  readonly name: string
  readonly exports?: Readonly<Record<string, unknown>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly peerDependencies?: Readonly<Record<string, string>>
  readonly optionalDependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
}

function readSources(folder: string): SourceFile[] {
  const sources = join(root, folder, 'src')
  if (!existsSync(sources)) return []
  return readdirSync(sources, { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.[cm]?[jt]sx?$/.test(path))
    .map((path) => readSource(`src/${path.split(sep).join('/')}`, readFileSync(join(sources, path), 'utf8')))
}
