import { type Authenticate, createApiKeys } from '@colloquy/server'
import { type Clock, systemClock } from '@colloquy/session'
import type { Logger } from 'pino'
import type { Config } from '../config/settings.js'
import { readApiKeys } from '../keys/read-api-keys.js'

/** The keys of a running server. */
export interface OpenApiKeys {
  readonly authenticate: Authenticate
  /** How many there are now. */
  count(): number
  /** Looks at the file no more. */
  close(): void
}

/** How often the file is looked at, in milliseconds. It is read whole: it is small, and mounted files keep no times. */
const checkMs = 2_000

/**
 * Takes the keys from the configuration and from its file, and follows the file: a key that is written into it is
 * known within two seconds, and one that is taken out is not known any longer. While it can't be read, a line of it is
 * wrong, or one key has two names, the keys stay as they are.
 *
 * @returns undefined when the server is to have no keys
 * @throws CommandError when the file can't be read at the start, a line of it is wrong, or one key has two names
 */
export async function openApiKeys(
  config: Pick<Config, 'apiKeys' | 'apiKeysFile'>,
  { logger, clock = systemClock }: { readonly logger: Logger; readonly clock?: Clock },
): Promise<OpenApiKeys | undefined> {
  const { apiKeysFile } = config
  let entries = await readApiKeys(config)
  if (apiKeysFile === null)
    return entries.length === 0
      ? undefined
      : { ...createApiKeys(entries), count: () => entries.length, close() {} }
  const keys = createApiKeys(entries)
  const tell = () => {
    logger.info({ keys: entries.length, file: apiKeysFile }, 'API keys read')
    if (entries.length === 0) logger.warn({ file: apiKeysFile }, 'there are no API keys: nobody can chat')
  }
  tell()

  let lastFault = ''
  const check = async (): Promise<void> => {
    try {
      const now = await readApiKeys(config)
      lastFault = ''
      if (JSON.stringify(now) === JSON.stringify(entries)) return
      entries = now
      keys.replace(entries)
      tell()
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error)
      if (fault !== lastFault) logger.error({ reason: fault }, 'the API keys stay as they were')
      lastFault = fault
    }
  }
  let isClosed = false
  let cancelTimer = () => {}
  const checkLater = (): void => {
    const fire = (): void => {
      void check().finally(() => {
        if (!isClosed) checkLater()
      })
    }
    cancelTimer = clock.after(checkMs, fire, { background: true })
  }
  checkLater()
  return {
    authenticate: keys.authenticate,
    count: () => entries.length,
    close() {
      isClosed = true
      cancelTimer()
    },
  }
}
