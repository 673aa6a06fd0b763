import { defineConfig } from 'tsup'

/** How every package is built: its entry points, by their names in `dist`. */
export function buildOf(entry: Readonly<Record<string, string>>) {
  return defineConfig({
    entry,
    format: 'esm',
    target: 'node22',
    dts: false, // tsc writes the declarations
    sourcemap: true,
    clean: true,
    removeNodeProtocol: false, // the default turns node:sqlite into a package that does not exist
  })
}
