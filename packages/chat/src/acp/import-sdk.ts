import type { client, MessageTooLargeError, ndJsonStream, RequestError } from '@agentclientprotocol/sdk'
import { ChatError } from '@colloquy/session'
import { importPackage } from '../ai-sdk/import-package.js'

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
  const sdk = await importPackage<Partial<Sdk>>(packageName, () => import('@agentclientprotocol/sdk'), {
    cwd,
    install: [packageName],
  }).catch((error: unknown) => {
    throw new ChatError('not_ready', error instanceof Error ? error.message : String(error), { cause: error })
  })
  if (isWhole(sdk)) return sdk
  const message = `The package ${packageName} that is installed is too old. Install a newer one: npm install ${packageName}@latest`
  throw new ChatError('not_ready', message)
}

function isWhole(sdk: Partial<Sdk>): sdk is Sdk {
  const { client, ndJsonStream, MessageTooLargeError, RequestError } = sdk
  return [client, ndJsonStream, MessageTooLargeError, RequestError].every(
    (used) => typeof used === 'function',
  )
}
