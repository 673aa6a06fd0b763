import { importPackage, type PackageSearch } from '../import-package.js'
import { ModelLoadError } from './model-load-error.js'

/**
 * Imports a package that models need, as {@link importPackage} does.
 *
 * @throws ModelLoadError `missing_package` | `failed_to_load`
 */
export async function importForModel<Module>(
  name: string,
  importOurs: () => Promise<Module>,
  search: PackageSearch,
): Promise<Module> {
  const { imported, fault } = await importPackage(name, importOurs, search)
  if (fault === null) return imported
  const { isMissing, message, cause } = fault
  throw isMissing
    ? new ModelLoadError('missing_package', message)
    : new ModelLoadError('failed_to_load', message, { cause })
}
