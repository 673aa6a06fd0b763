import type { asSchema, isStepCount, jsonSchema, streamText, tool } from 'ai'
import { importPackage } from './import-package.js'

/** What is used of the AI SDK. */
export interface Sdk {
  readonly streamText: typeof streamText
  readonly isStepCount: typeof isStepCount
  readonly asSchema: typeof asSchema
  readonly jsonSchema: typeof jsonSchema
  readonly tool: typeof tool
}

/**
 * Imports the AI SDK: the caller's from this folder, or else the one beside this package.
 *
 * @throws ModelLoadError `missing_package` | `failed_to_load`
 */
export function importSdk(cwd?: string): Promise<Sdk> {
  return importPackage<Sdk>('ai', () => import('ai'), { cwd, install: ['ai'] })
}
