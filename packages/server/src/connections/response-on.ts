import type { ServerResponse } from 'node:http'
import type { Duplex } from 'node:stream'

/**
 * The answer that has a connection at the moment: to the earliest request that is not answered, which Node keeps there.
 * While its headers are not sent, another one can take its place.
 */
export function responseOn(socket: Duplex): ServerResponse | null {
  // oxlint-disable-next-line no-underscore-dangle
  return '_httpMessage' in socket ? (socket._httpMessage as ServerResponse | null) : null
}
