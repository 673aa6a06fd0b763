import { lookup } from 'node:dns/promises'
import { createServer, type Server } from 'node:http'
import { type AddressInfo, BlockList } from 'node:net'
import { answerClientError } from './answer-client-error.js'
import { loopbackHosts } from './check-host.js'
import { type AppOptions, createApp } from './create-app.js'

/** Where to listen, besides what an app is made of. */
export interface ServeOptions extends AppOptions {
  /** A host name or address of this machine. Default: `localhost`, which only this machine reaches. */
  readonly host?: string
  /** Default: 8000. 0 picks a free one. */
  readonly port?: number
}

/** A server that listens. */
export interface RunningServer {
  /** Where it can be reached: `http://localhost:8000`. */
  readonly url: string
  readonly port: number
  readonly server: Server
  /**
   * Shuts down in order: readiness is taken back and new turns are refused at once; running turns get `grace`
   * milliseconds (default 30,000) and the rest are interrupted; then the manager is closed, and the server with all
   * its connections. Closing again waits for the same end.
   */
  close(options?: { readonly grace?: number }): Promise<void>
}

/** Starts the manager, then serves its API. Rejects when either fails, for instance because the port is taken. */
export async function serve(options: ServeOptions): Promise<RunningServer> {
  const { manager, host = 'localhost', port = 8000 } = options
  const ownNames = (await isLoopback(host)) ? { allowedHosts: [...loopbackHosts, hostIn(host)] } : {}
  const server = createServer(createApp({ ...ownNames, ...options }))
  server.on('clientError', answerClientError)
  try {
    await manager.start()
    await listen(server, host, port)
  } catch (error) {
    await manager.close()
    throw error
  }
  const address = server.address() as AddressInfo
  let closing: Promise<void> | null = null
  return {
    url: `http://${hostIn(host)}:${address.port}`,
    port: address.port,
    server,
    close({ grace = 30_000 } = {}) {
      closing ??= closeAll(server, () => manager.close({ grace }))
      return closing
    },
  }
}

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')

/** Whether only this machine can reach what listens there, however it is written. */
async function isLoopback(host: string): Promise<boolean> {
  try {
    const { address, family } = await lookup(host)
    return loopback.check(address, family === 6 ? 'ipv6' : 'ipv4')
  } catch {
    return false // listening there will say what is wrong
  }
}

/** A host as it stands in an address: as browsers and clients write it. */
function hostIn(host: string): string {
  return new URL(`http://${host.includes(':') ? `[${host}]` : host}`).hostname
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

/** How long connections may take to be sent their last bytes, in milliseconds. */
const lastBytesMs = 2_000

async function closeAll(server: Server, closeManager: () => Promise<void>): Promise<void> {
  try {
    await closeManager()
  } finally {
    const closed = new Promise((resolve) => server.close(resolve))
    const giveUp = setTimeout(() => server.closeAllConnections(), lastBytesMs)
    await closed
    clearTimeout(giveUp)
  }
}
