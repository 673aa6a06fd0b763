import type { ClientConnection } from '@agentclientprotocol/sdk'
import type { Sdk } from './import-sdk.js'
import { RequestError } from './request-error.js'

/** Asks an agent for something. @throws RequestError that it answers with */
export type Ask = (method: string, params: object) => Promise<unknown>

/** Makes what asks an agent over a connection. */
export function askOver({ agent }: ClientConnection, sdk: Sdk): Ask {
  return async (method, params) => {
    try {
      return await agent.request(method, params)
    } catch (error) {
      throw error instanceof sdk.RequestError ? new RequestError(error.code, error.message) : error
    }
  }
}
