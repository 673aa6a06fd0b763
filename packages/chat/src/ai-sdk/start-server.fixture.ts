import { type ModelScript, type ModelServer, startModelServer } from '@colloquy/model-server'
import { afterEach } from 'vitest'

/** Starts model servers, and stops them after the test. */
export function modelServers(): (script?: ModelScript) => Promise<ModelServer> {
  const servers: ModelServer[] = []
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.stop()))
  })
  return async (script) => {
    const server = await startModelServer(script)
    servers.push(server)
    return server
  }
}
