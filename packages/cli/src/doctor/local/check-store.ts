import { stat } from 'node:fs/promises'
import type { EffectiveConfig } from '../../config/read-config.js'
import { readStorePlace } from '../../config/store-place.js'
import { nearestFolder } from '../../files/nearest-folder.js'
import { type Finding, ok } from '../finding.js'
import { checkFreeSpace } from './check-free-space.js'
import { lookAtStore } from './look-at-store.js'
import { tryFolder } from './try-folder.js'

/** Looks at where sessions are kept. */
export async function checkStore({ config }: EffectiveConfig): Promise<readonly Finding[]> {
  const place = readStorePlace(config.store)
  if (place?.kind !== 'sqlite')
    return [ok('In memory: sessions are gone at the end. --data-dir data would keep them.')]
  const { path } = place
  const folder = nearestFolder(path)
  const unwritable = await tryFolder(folder)
  if (unwritable !== undefined) return [unwritable]
  const known = await stat(path).catch(() => undefined)
  const findings = known === undefined ? [ok(`${path} will be made.`)] : await lookAtStore(path, known.size)
  if (findings.some(({ status }) => status === 'fault')) return findings
  return [...findings, ...(await checkFreeSpace(folder))]
}
