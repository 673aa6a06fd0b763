import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Where a package is looked for, and what to install when it is nowhere. */
export interface PackageSearch {
  /** The folder from which it is looked for first, if any. */
  readonly cwd: string | undefined
  readonly install: readonly string[]
}

/** A package, or why there is none. */
export type ImportedPackage<Module> =
  | { readonly imported: Module; readonly fault: null }
  | { readonly imported: null; readonly fault: PackageFault }

/** Why a package could not be imported. */
export interface PackageFault {
  /** Whether it is not installed; else it is broken. */
  readonly isMissing: boolean
  /** What is wrong, and what to do. */
  readonly message: string
  readonly cause: unknown
}

/**
 * Imports a package that is only there for those who use it: the caller's, or else ours.
 *
 * @param importOurs says its name in full, so that bundlers see it
 */
export async function importPackage<Module>(
  name: string,
  importOurs: () => Promise<Module>,
  { cwd, install }: PackageSearch,
): Promise<ImportedPackage<Module>> {
  const file = cwd === undefined ? null : findFrom(cwd, name)
  try {
    const imported = file === null ? await importOurs() : ((await import(pathToFileURL(file).href)) as Module)
    return { imported, fault: null }
  } catch (cause) {
    if (file === null && isMissing(cause, name)) {
      const command = `npm install ${install.join(' ')}`
      const message = `The package ${name} is not installed. Install it: ${command}`
      return { imported: null, fault: { isMissing: true, message, cause } }
    }
    const why = cause instanceof Error ? cause.message : String(cause)
    return {
      imported: null,
      fault: { isMissing: false, message: `The package ${name} can not be loaded: ${why}`, cause },
    }
  }
}

function findFrom(cwd: string, name: string): string | null {
  try {
    return createRequire(resolve(cwd, 'package.json')).resolve(name)
  } catch {
    return null
  }
}

/** Whether it is this package that is missing, and not one that it needs. */
function isMissing(error: unknown, name: string): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false
  return error.code === 'ERR_MODULE_NOT_FOUND' && error.message.includes(`'${name}'`)
}
