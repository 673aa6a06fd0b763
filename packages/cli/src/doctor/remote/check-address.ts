import { lookup } from 'node:dns/promises'
import { type Finding, fault, ok } from '../finding.js'
import { hostOf, type Target } from './target.js'

/** Looks up the host. */
export async function checkAddress({ url }: Target): Promise<Finding> {
  const host = hostOf(url)
  try {
    const addresses = await lookup(host, { all: true })
    return ok(`${host} is ${addresses.map(({ address }) => address).join(', ')}.`)
  } catch {
    return fault(`The host ${host} is not known.`, 'Look at --url, and at the DNS entry of the host.')
  }
}
