import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { ModelLoadError } from './model-load-error.js'

/** Where a package is looked for, and what to install when it is nowhere. */
interface PackageSearch {
  /** The folder from which it is looked for first, if any. */
  readonly cwd: string | undefined
  readonly install: readonly string[]
}

/**
 * Imports a package that is only there for those who use it: the caller's, or else ours.
 *
 * @param importOurs says its name in full, so that bundlers see it
 * @throws ModelLoadError `missing_package` | `failed_to_load`
 */
export async function importPackage<Module>(
  name: string,
  importOurs: () => Promise<Module>,
  { cwd, install }: PackageSearch,
): Promise<Module> {
  const file = cwd === undefined ? null : findFrom(cwd, name)
  try {
    return file === null ? await importOurs() : ((await import(pathToFileURL(file).href)) as Module)
  } catch (cause) {
    if (file === null && isMissing(cause, name)) {
      const command = `npm install ${install.join(' ')}`
      throw new ModelLoadError(
        'missing_package',
        `The package ${name} is not installed. Install it: ${command}`,
      )
    }
    const why = cause instanceof Error ? cause.message : String(cause)
    throw new ModelLoadError('failed_to_load', `The package ${name} can not be loaded: ${why}`, { cause })
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
