import { lookup } from 'node:dns/promises'
import { createServer } from 'node:net'
import type { EffectiveConfig } from '../../config/read-config.js'
import { findPortHolder } from '../../ports/port-holder.js'
import { isListenError, listenFault } from '../../serve/explain-start-error.js'
import { type Finding, fault, ok, warning } from '../finding.js'

/** Listens on the ports for a moment. */
export async function checkPort({ config }: EffectiveConfig): Promise<readonly Finding[]> {
  const { port, metricsPort } = config
  const ports = metricsPort === null ? [port] : [port, metricsPort]
  return Promise.all(ports.map((one) => checkOne(one, config)))
}

async function checkOne(port: number, config: EffectiveConfig['config']): Promise<Finding> {
  const { host, nextPort } = config
  try {
    const { address } = await lookup(host)
    await listenOnce(address, port)
    return ok(port === 0 ? `Any free port of ${host}.` : `Port ${port} on ${host} is free.`)
  } catch (error) {
    if (!isListenError(error)) throw error
    const isTaken = error.code === 'EADDRINUSE'
    const holder = isTaken ? await findPortHolder(error.address ?? host, port) : undefined
    const { what, advice } = listenFault(error, config, holder)
    if (holder?.isColloquy === true) return warning(what, `It may be the one that you mean. ${advice}`)
    if (isTaken && nextPort && port === config.port)
      return warning(what, '--next-port: the next free one will do.')
    return fault(what, advice)
  }
}

async function listenOnce(address: string, port: number): Promise<void> {
  const server = createServer()
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, address, resolve)
  })
  await new Promise((resolve) => server.close(resolve))
}
