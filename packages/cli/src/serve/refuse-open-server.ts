import { isLoopback } from '@colloquy/server'
import { CommandError } from '../command-error.js'
import type { Config } from '../config/settings.js'

/**
 * Refuses to serve everybody who can reach this machine without being told to: whoever finds the port could chat at
 * its owner's cost, and read every session.
 *
 * @throws CommandError when the host is for others, and there are no keys
 */
export async function refuseOpenServer({
  host,
  apiKeys,
  apiKeysFile,
  allowUnauthenticated,
}: Config): Promise<void> {
  if (apiKeys.length > 0 || apiKeysFile !== null || allowUnauthenticated || (await isLocal(host))) return
  throw new CommandError(
    [
      `Others can reach ${host}, and there are no API keys. Make one, and name its file:`,
      '  colloquy keys create web-shop --file keys.txt',
      `  colloquy serve --host ${host} --api-keys-file keys.txt`,
      'Or, when everybody who reaches this machine is meant to chat, say --allow-unauthenticated.',
    ].join('\n'),
    { exitCode: 2 },
  )
}

/** A host that is not known is not refused here: listening on it says what is wrong. */
async function isLocal(host: string): Promise<boolean> {
  return isLoopback(host).catch(() => true)
}
