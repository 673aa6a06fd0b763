import { isLoopback } from '@colloquy/server'
import type { EffectiveConfig } from '../../config/read-config.js'
import { readApiKeys } from '../../keys/read-api-keys.js'
import { type Finding, ok, warning } from '../finding.js'

/** Looks at who could call. What a server would refuse is a fault of the settings, and told there. */
export async function checkCallers({ config }: EffectiveConfig): Promise<Finding> {
  const { host, apiKeysFile, apiKeys } = config
  const isLocal = await isLoopback(host).catch(() => true)
  if (apiKeysFile === null && apiKeys.length === 0) {
    return isLocal
      ? ok('No authentication: only this machine.')
      : warning(
          `Anybody who reaches ${host} can chat, and read every session.`,
          'Make a key: colloquy keys create web-shop --file keys.txt, and name its file: --api-keys-file keys.txt',
        )
  }
  const { length } = await readApiKeys(config)
  if (length > 0) return ok(`Those with ${length === 1 ? 'the 1 key' : `one of ${length} keys`}.`)
  return warning(
    `There is no key in ${apiKeysFile}: nobody can chat.`,
    `Make one: colloquy keys create web-shop --file ${apiKeysFile}`,
  )
}
