import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/**
 * Listens on a host of this machine.
 *
 * @returns the port, which is another one than asked for when that was 0
 * @throws Error of Node, for instance because the port is taken (`EADDRINUSE`)
 */
export function listen(
  server: Server,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve((server.address() as AddressInfo).port)
    })
  })
}
