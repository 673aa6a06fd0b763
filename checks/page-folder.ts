import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { root } from './read-workspace.ts'

/**
 * Makes an empty folder in which the code of a page finds what it imports and which commands it says, as if all of it
 * had been installed there: the packages of the workspace, and those that they need.
 *
 * @param page its path; the examples are there for their own page
 */
export function createPageFolder(page: string): { readonly path: string; readonly remove: () => void } {
  const path = mkdtempSync(join(tmpdir(), 'colloquy-page-'))
  if (page.startsWith('examples/')) symlinkSync(join(root, 'examples'), join(path, 'examples'))
  const modules = join(path, 'node_modules')
  for (const [name, target] of installed()) {
    mkdirSync(dirname(join(modules, name)), { recursive: true })
    symlinkSync(target, join(modules, name))
  }
  const commands = join(modules, '.bin')
  mkdirSync(commands)
  symlinkSync(join(root, 'packages/cli/dist/bin.js'), join(commands, 'colloquy'))
  // What npx would look for first stands on the PATH: nothing is asked of a registry.
  writeFileSync(join(commands, 'npx'), '#!/bin/sh\nexec "$@"\n', { mode: 0o755 })
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) }
}

/** The packages by name, and where they are. */
function installed(): Map<string, string> {
  const folders = readdirSync(join(root, 'packages')).map((name) => join(root, 'packages', name))
  return new Map([root, ...folders].flatMap((folder) => modulesIn(join(folder, 'node_modules'))))
}

function modulesIn(folder: string): [string, string][] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.'))
    .flatMap((name) =>
      name.startsWith('@') ? readdirSync(join(folder, name)).map((own) => `${name}/${own}`) : [name],
    )
    .map((name) => [name, join(folder, name)])
}
