import type { NewProject } from './template.js'

/** What differs between the manifests of the templates. */
export interface ManifestParts {
  readonly scripts: Readonly<Record<string, string>>
  readonly dependencies: readonly string[]
  readonly devDependencies: readonly string[]
}

/** The text of a package.json. */
export function manifestText({ name, range }: NewProject, parts: ManifestParts): string {
  const withRanges = (names: readonly string[]) =>
    Object.fromEntries(names.toSorted().map((packageName) => [packageName, range(packageName)]))
  const manifest = {
    name,
    private: true,
    type: 'module',
    engines: { node: '>=22.18' },
    scripts: parts.scripts,
    dependencies: withRanges(parts.dependencies),
    ...(parts.devDependencies.length === 0 ? {} : { devDependencies: withRanges(parts.devDependencies) }),
  }
  return `${JSON.stringify(manifest, undefined, 2)}\n`
}
