import { defineConfig, type Options } from 'tsup'

/** How every package is built: its entry points, by their names in `dist`, and what else is particular about it. */
export function buildOf(entry: Readonly<Record<string, string>>, own: Options = {}) {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22',
    dts: false, // tsc writes the declarations
    sourcemap: true,
    clean: true,
    removeNodeProtocol: false, // the default turns node:sqlite into a package that does not exist
    ...own,
  })
}
