import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * How many connections may wait to be taken: many clients may come back in the same moment, and who finds no place is reset.
 * The system has a bound of its own. Node's default is 511.
 */
const backlog = 4_096

/**
 * Listens on an address of this machine, which is not looked up any more.
 *
 * @returns the port, which is another one than asked for when that was 0
 * @throws Error of Node, for instance because the port is taken (`EADDRINUSE`)
 */
export function listen(
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
