import { type ApiKeyEntry, type Authenticate, createApiKeys } from '@colloquy/server'
import { type Clock, systemClock } from '@colloquy/session'
import type { Logger } from 'pino'
import type { Config } from '../config/settings.js'
import { entriesOf } from '../keys/key-lines.js'
import { requireKeysFile } from '../keys/keys-file.js'

/** The keys of a running server. */
export interface OpenApiKeys {
  readonly authenticate: Authenticate
  /** Looks at the file no more. */
  close(): void
}

/** How often the file is looked at, in milliseconds. It is read whole: it is small, and mounted files keep no times. */
const checkMs = 2_000

/**
 * Takes the keys from the configuration and from its file, and follows the file: a key that is written into it is
 * known within two seconds, and one that is taken out is not known any longer. While it can't be read, or a line of it
 * is wrong, the keys stay as they are.
 *
 * @returns undefined when the server is to have no keys
 * @throws CommandError when the file can't be read at the start, or a line of it is wrong
 */
export async function openApiKeys(
  { apiKeys, apiKeysFile }: Pick<Config, 'apiKeys' | 'apiKeysFile'>,
  { logger, clock = systemClock }: { readonly logger: Logger; readonly clock?: Clock },
): Promise<OpenApiKeys | undefined> {
  if (apiKeysFile === null) {
    return apiKeys.length === 0 ? undefined : { ...createApiKeys(apiKeys), close() {} }
  }
  const read = async (): Promise<readonly ApiKeyEntry[]> => {
    const { lines } = await requireKeysFile(apiKeysFile, '/')
    return [...apiKeys, ...entriesOf(lines)]
  }
  let entries = await read()
  const keys = createApiKeys(entries)
  const tell = () => logger.info({ keys: entries.length, file: apiKeysFile }, 'API keys read')
  tell()
  if (entries.length === 0) logger.warn({ file: apiKeysFile }, 'no API keys yet: nobody can chat')

  let lastFault = ''
  const check = async (): Promise<void> => {
    try {
      const now = await read()
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
    close() {
      isClosed = true
      cancelTimer()
    },
  }
}
