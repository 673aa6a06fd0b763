import type { Health } from '@colloquy/client'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Surroundings } from '../main-options.js'
import { dim, hasColours, painted } from '../output/colours.js'
import { screenWidth } from '../output/screen-width.js'
import type { ServerConnection, ServerFlags } from '../server-connection/connect.js'
import { readSeconds, withServer } from '../server-connection/with-server.js'
import { awaitHealth } from '../server-status/await-health.js'
import { componentTable, healthColour } from '../server-status/component-table.js'

/** The flags of `colloquy health`. */
export interface HealthFlags extends ServerFlags {
  /** Seconds, as they were typed. */
  readonly wait?: string | undefined
  readonly strict?: boolean | undefined
  readonly json?: boolean | undefined
}

/**
 * Prints how a running server and its components are doing.
 *
 * @returns 0 when it is healthy, or degraded and nobody is strict about that: it answers; 1 otherwise
 * @throws CommandError when it is called wrongly, or no server answers
 */
export async function healthCommand(
  { wait, strict = false, json = false, ...flags }: HealthFlags,
  surroundings: Surroundings,
): Promise<ExitCode> {
  const { stdout, env, signal } = surroundings
  const seconds = readSeconds('--wait', wait)
  const isWanted = ({ status }: Health) => status === 'healthy' || (status === 'degraded' && !strict)
  return withServer(flags, surroundings, async (connection) => {
    const health =
      seconds === undefined
        ? await connection.client.health({ signal })
        : await waitFor(connection, { forMs: seconds * 1000, isWanted }, surroundings)
    if (json) stdout.write(`${JSON.stringify(health, null, 2)}\n`)
    else {
      const { status, components } = health
      const colours = hasColours(stdout, env)
      stdout.write(`${connection.url} is ${painted(status, healthColour(status), colours)}.\n\n`)
      stdout.write(componentTable(components, { width: screenWidth(stdout), colours }))
    }
    return isWanted(health) ? exitCodes.done : exitCodes.failed
  })
}

/** Waits, and says so on a terminal. */
async function waitFor(
  { client, url }: ServerConnection,
  options: { readonly forMs: number; readonly isWanted: (health: Health) => boolean },
  { stderr, env, signal }: Surroundings,
): Promise<Health> {
  let isTold = false
  const onAnswer = () => {
    if (isTold || stderr.isTTY !== true) return
    isTold = true
    stderr.write(`${dim(`Waiting for ${url} …`, hasColours(stderr, env))}\n`)
  }
  return awaitHealth(client, { ...options, onAnswer, signal })
}
