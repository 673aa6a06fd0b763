/**
 * Why a model could not be loaded:
 * - `malformed_id`: its id is not a provider and a model with a slash between them
 * - `unknown_provider`: there is no such provider
 * - `missing_key`: there is no API key for it
 * - `invalid_key`: the API key holds what no key can, such as a space or a line end
 * - `invalid_base_url`: there is no base URL where one is needed, or it is none
 * - `missing_package`: a package that it needs is not installed
 * - `failed_to_load`: a package that it needs is broken, or another version than is needed
 */
export type ModelLoadErrorCode =
  | 'malformed_id'
  | 'unknown_provider'
  | 'missing_key'
  | 'invalid_key'
  | 'invalid_base_url'
  | 'missing_package'
  | 'failed_to_load'

/** A model could not be loaded. The message says what to do; it holds no key. */
export class ModelLoadError extends Error {
  override readonly name = 'ModelLoadError'
  readonly code: ModelLoadErrorCode

  constructor(code: ModelLoadErrorCode, message: string, options?: { readonly cause: unknown }) {
    super(message, options)
    this.code = code
  }
}
