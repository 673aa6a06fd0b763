import type { AddressInfo } from 'node:net'
import { isLoopback, type RunningServer } from '@colloquy/server'
import type { Config } from '../config/settings.js'
import { readStorePlace } from '../config/store-place.js'
import type { Announcement } from './announce.js'

/** What is known of a server that has started. */
export interface StartFacts extends Pick<Announcement, 'manager' | 'keys' | 'configFile' | 'durationMs'> {
  readonly running: RunningServer
  readonly config: Config
}

/** What there is to tell of a server that has started. */
export async function announcementOf({ running, config, ...facts }: StartFacts): Promise<Announcement> {
  const { address } = running.server.address() as AddressInfo
  const place = readStorePlace(config.store)
  return {
    ...facts,
    url: running.url,
    address,
    isLocal: await isLoopback(address),
    askedPort: config.port === 0 || running.port === config.port ? undefined : config.port,
    storePath: place?.kind === 'sqlite' ? place.path : undefined,
    hasDocs: config.docs !== 'off',
    isWatching: config.watch,
  }
}
