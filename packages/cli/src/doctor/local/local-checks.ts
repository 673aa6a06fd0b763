import { CommandError } from '../../command-error.js'
import { type EffectiveConfig, type Flags, readConfig } from '../../config/read-config.js'
import type { Surroundings } from '../../main-options.js'
import { maskKeys } from '../../output/mask-keys.js'
import { type Check, type Finding, fault, ok, unchecked, warning } from '../finding.js'
import { checkBackend } from './check-backend.js'
import { checkCallers } from './check-callers.js'
import { checkClock } from './check-clock.js'
import { checkDocs } from './check-docs.js'
import { checkModelServer } from './check-model-server.js'
import { checkNode } from './check-node.js'
import { checkOpenFiles } from './check-open-files.js'
import { checkPort } from './check-port.js'
import { checkStore } from './check-store.js'

/** A check of something that is configured. */
export type ConfiguredCheck = (
  effective: EffectiveConfig,
  surroundings: Surroundings,
  signal: AbortSignal,
) => Promise<Finding | readonly Finding[]>

/** What is looked at before a server is started here. */
export function localChecks(
  chat: string | undefined,
  flags: Flags,
  surroundings: Surroundings,
): readonly Check[] {
  const { env, cwd, process } = surroundings
  const reading = readConfig({ flags, env, cwd, chat, isTerminal: false, moduleEnv: process?.env })
  reading.catch(() => undefined) // the check of the settings tells it
  const configured = (name: string, run: ConfiguredCheck): Check => ({
    name,
    async run(signal) {
      const effective = await reading.catch(() => undefined)
      return effective === undefined
        ? unchecked('Not before the settings are right.')
        : run(effective, surroundings, signal)
    },
  })
  return [
    { name: 'node', run: checkNode },
    { name: 'clock', run: checkClock },
    { name: 'settings', run: () => checkSettings(reading) },
    configured('port', checkPort),
    configured('callers', checkCallers),
    configured('store', checkStore),
    configured('answers', checkBackend),
    configured('model', checkModelServer),
    configured('open files', (effective) => checkOpenFiles(effective)),
    configured('docs', checkDocs),
  ]
}

async function checkSettings(reading: Promise<EffectiveConfig>): Promise<readonly Finding[]> {
  try {
    const { configFile, origins, warnings } = await reading
    const given = Object.values(origins).filter(({ kind }) => kind !== 'default').length
    const where = configFile === undefined ? 'No configuration file' : `From ${configFile}`
    const warned = warnings.map((text) => warning(maskKeys(text), 'colloquy config shows what counts.'))
    return [ok(`${where}; ${given === 1 ? '1 setting is' : `${given} settings are`} given.`), ...warned]
  } catch (error) {
    if (!(error instanceof CommandError)) throw error
    return [fault(maskKeys(error.message), '')]
  }
}
