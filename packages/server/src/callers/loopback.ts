import { lookup } from 'node:dns/promises'
import { BlockList, isIPv6 } from 'node:net'

const loopback = new BlockList()
loopback.addSubnet('127.0.0.0', 8, 'ipv4')
loopback.addAddress('::1', 'ipv6')
loopback.addSubnet('::ffff:127.0.0.0', 104, 'ipv6')

/**
 * Tells whether only this machine can reach what listens on a host, however its name or address is written.
 *
 * @throws the lookup's error, with its `code`, when the host is not known
 */
export async function isLoopback(host: string): Promise<boolean> {
  return isLoopbackAddress((await lookup(host)).address)
}

/** Tells whether only this machine can reach what listens on an address, which may have a zone. */
export function isLoopbackAddress(address: string): boolean {
  const [plain = ''] = address.split('%')
  return loopback.check(plain, isIPv6(plain) ? 'ipv6' : 'ipv4')
}
