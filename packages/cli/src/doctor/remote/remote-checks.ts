import { usageError } from '../../command-error.js'
import type { Surroundings } from '../../main-options.js'
import { connect } from '../../server-connection/connect.js'
import { type Check, type Finding, unchecked } from '../finding.js'
import { checkAddress } from './check-address.js'
import { checkCompression } from './check-compression.js'
import { checkHealth } from './check-health.js'
import { checkKey, type Entrance } from './check-key.js'
import { checkServer } from './check-server.js'
import { checkStream, untoldStream } from './check-stream.js'
import { checkTls } from './check-tls.js'
import type { Target } from './target.js'

/** Which server is looked at. */
export interface RemoteOptions {
  readonly url: string
  /** What is said to it. Default: nothing. */
  readonly message: string | undefined
  /** What is wrong with the flags. */
  readonly faults: readonly string[] | undefined
}

/** How long an answer may take, in milliseconds. */
const answerMs = 180_000

/**
 * What is looked at of a server that runs, and of what stands in front of it.
 *
 * @throws CommandError when the address is none, or flags are wrong
 */
export function remoteChecks(
  { url, message, faults = [] }: RemoteOptions,
  { env }: Surroundings,
): readonly Check[] {
  if (faults.length > 0) throw usageError(faults.join('\n'))
  const key = env['COLLOQUY_API_KEY'] ?? ''
  const target: Target = {
    url: connect(url, env).url,
    headers: key === '' ? {} : { Authorization: `Bearer ${key}` },
  }
  const { promise: isThere, resolve: tellIsThere } = Promise.withResolvers<boolean>()
  const ifThere = (name: string, run: (signal: AbortSignal) => Promise<Finding | readonly Finding[]>) => ({
    name,
    patienceMs: answerMs,
    run: async (signal: AbortSignal) =>
      (await isThere) ? run(signal) : unchecked('Not before the server answers.'),
  })
  const entrance = Promise.withResolvers<Entrance | undefined>()
  const ifLetIn = (name: string, run: (signal: AbortSignal) => Promise<Finding | readonly Finding[]>) =>
    ifThere(name, async (signal) => {
      const isLetIn = (await entrance.promise)?.key.status !== 'fault'
      return isLetIn ? run(signal) : unchecked('Not without a key that the server knows.')
    })
  return [
    { name: 'address', run: () => checkAddress(target) },
    { name: 'transport', run: (signal) => checkTls(target, signal) },
    {
      name: 'server',
      async run(signal) {
        let hasFault = true
        try {
          const findings = await checkServer(target, signal)
          hasFault = findings.some(({ status }) => status === 'fault')
          return findings
        } finally {
          tellIsThere(!hasFault)
        }
      },
    },
    ifThere('health', (signal) => checkHealth(target, signal)),
    ifThere('key', async (signal) => {
      const found = checkKey(target, signal)
      entrance.resolve(found.catch(() => undefined))
      return (await found).key
    }),
    ifLetIn('version', async () => (await entrance.promise)?.version ?? unchecked('The server did not say.')),
    ...(message === undefined
      ? [
          ifLetIn('compression', (signal) => checkCompression(target, signal)),
          ifThere('streams', async () => untoldStream(target.url)),
        ]
      : [ifLetIn('streams', (signal) => checkStream(target, message, signal))]),
    ifThere('time-outs', async () => untoldTimeouts),
  ]
}

const untoldTimeouts = unchecked(
  'How long a silent connection may last: that takes as long to find out.',
  'A stream says something every --keep-alive seconds (15): what stands in front has to wait longer. An answer as JSON is silent for up to --turn-timeout (600 s).',
)
