import { CommandError } from '../command-error.js'
import { writeFolder } from '../write-folder.fixture.js'
import { type ConfigSources, type EffectiveConfig, readConfig } from './read-config.js'

/** Reads a configuration in a folder with these files; what is left out is empty. */
export async function readAll(
  sources: Partial<ConfigSources> = {},
  files: Readonly<Record<string, string>> = {},
): Promise<EffectiveConfig & { readonly cwd: string }> {
  const cwd = sources.cwd ?? writeFolder(files)
  return { cwd, ...(await readConfig({ flags: {}, env: {}, isTerminal: false, ...sources, cwd })) }
}

/** What is told of a configuration that is wrong. */
export async function faultOf(
  sources: Partial<ConfigSources>,
  files?: Readonly<Record<string, string>>,
): Promise<string> {
  try {
    await readAll(sources, files)
  } catch (error) {
    if (error instanceof CommandError && error.exitCode === 2) return error.message
    throw error
  }
  throw new Error('There was no fault.')
}
