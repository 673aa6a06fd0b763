import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * How many connections may wait to be taken: many clients may come back in the same moment, and who finds no place is reset.
 * The system has a bound of its own. Node's default is 511.
 */
const backlog = 4_096

/** Where to listen. */
export interface ListenPlace {
  readonly address: string
  /** 0 for a free one. */
  readonly port: number
  /** How many of the next ports are tried, one after the other, while a port is taken. Default: 0. */
  readonly nextPorts?: number
  /** A port that is left out of these. */
  readonly omit?: number | undefined
}

/**
 * Listens on an address of this machine, which is not looked up any more.
 *
 * @returns the port, which is another one than asked for when that was 0, or taken
 * @throws Error of Node, for instance because the port is taken (`EADDRINUSE`): the error of the port that was asked for
 */
export async function listen(
  server: Server,
  { address, port, nextPorts = 0, omit }: ListenPlace,
): Promise<number> {
  const next = Array.from({ length: port === 0 ? 0 : nextPorts }, (_, n) => port + 1 + n)
  let first: unknown
  for (const candidate of [port, ...next.filter((other) => other <= 65_535 && other !== omit)]) {
    try {
      return await listenOn(server, { address, port: candidate })
    } catch (error) {
      first ??= error
      if (!isTaken(error)) break
    }
  }
  throw first
}

function listenOn(
  server: Server,
  { address, port }: { readonly address: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host: address, backlog }, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}

function isTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE'
}
