import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, resolve } from 'node:path'
import type { asSchema, isStepCount, jsonSchema, streamText, tool } from 'ai'
import { importForModel } from './import-for-model.js'
import { ModelLoadError } from './model-load-error.js'

/** What is used of the AI SDK. */
export interface Sdk {
  readonly streamText: typeof streamText
  readonly isStepCount: typeof isStepCount
  readonly asSchema: typeof asSchema
  readonly jsonSchema: typeof jsonSchema
  readonly tool: typeof tool
}

const used: readonly (keyof Sdk)[] = ['streamText', 'isStepCount', 'asSchema', 'jsonSchema', 'tool']

/**
 * Imports the AI SDK: the caller's from this folder, or else the one beside this package.
 *
 * @param install what to install when it is missing
 * @throws ModelLoadError `missing_package` | `failed_to_load`, also for a version that has not what is used
 */
export async function importSdk(cwd?: string, install: readonly string[] = ['ai']): Promise<Sdk> {
  const sdk = await importForModel<Partial<Sdk>>('ai', () => import('ai'), { cwd, install })
  const { folder, version } = installed(cwd)
  // An old one may have the names, with other meanings. Snapshots are of version 0.
  const isOld = /^[1-6]\./.test(version ?? '')
  if (!isOld && isSdk(sdk)) return sdk
  const what = version === undefined ? 'another version' : `version ${version}`
  const place = folder === undefined ? 'what is installed' : `what is installed at ${folder}`
  throw new ModelLoadError(
    'failed_to_load',
    `\`ai\` 7 is needed; ${place} is ${what}. Install it: npm install ai@7`,
  )
}

function isSdk(sdk: Partial<Sdk>): sdk is Sdk {
  return used.every((name) => typeof sdk[name] === 'function')
}

/** Which one was imported, as far as it can be told. */
function installed(cwd: string | undefined): { readonly folder?: string; readonly version?: string } {
  const froms = [...(cwd === undefined ? [] : [resolve(cwd, 'package.json')]), import.meta.url]
  for (const from of froms) {
    try {
      return describe(dirname(createRequire(from).resolve('ai')))
    } catch {}
  }
  return {}
}

/** The package that holds a folder, by the nearest package.json that has its name. */
function describe(inside: string): { readonly folder?: string; readonly version?: string } {
  for (let folder = inside; ; folder = dirname(folder)) {
    const manifest = readManifest(folder)
    if (manifest?.name === 'ai') {
      const { version } = manifest
      return {
        folder,
        ...(typeof version === 'string' && /^[\w.+-]{1,64}$/.test(version) ? { version } : {}),
      }
    }
    if (folder === dirname(folder)) return {}
  }
}

function readManifest(folder: string): { readonly name?: unknown; readonly version?: unknown } | null {
  try {
    return JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8')) as { readonly name?: unknown }
  } catch {
    return null
  }
}
