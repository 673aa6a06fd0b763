import type { client, MessageTooLargeError, ndJsonStream, RequestError } from '@agentclientprotocol/sdk'
import { ChatError } from '@colloquy/session'
import { importPackage } from '../import-package.js'

/** What is used of the protocol's library. */
export interface Sdk {
  readonly client: typeof client
  readonly ndJsonStream: typeof ndJsonStream
  readonly MessageTooLargeError: typeof MessageTooLargeError
  readonly RequestError: typeof RequestError
}

const packageName = '@agentclientprotocol/sdk'

/**
 * Imports the protocol's library: the one of this folder, or else the one beside this package.
 *
 * @throws ChatError `not_ready` that says what to install
 */
export async function importSdk(cwd: string): Promise<Sdk> {
  const search = { cwd, install: [packageName] }
  const ours = () => import('@agentclientprotocol/sdk')
  const { imported, fault } = await importPackage<Partial<Sdk>>(packageName, ours, search)
  if (fault !== null) throw new ChatError('not_ready', fault.message, { cause: fault.cause })
  if (isWhole(imported)) return imported
  const message = `The package ${packageName} that is installed is too old. Install a newer one: npm install ${packageName}@latest`
  throw new ChatError('not_ready', message)
}

function isWhole(sdk: Partial<Sdk>): sdk is Sdk {
  const { client, ndJsonStream, MessageTooLargeError, RequestError } = sdk
  return [client, ndJsonStream, MessageTooLargeError, RequestError].every(
    (used) => typeof used === 'function',
  )
}
