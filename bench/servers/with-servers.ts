import type { Bench } from '../bench.ts'
import { type MeasuredServer, startServer } from './measured-server.ts'
import { type ChatName, ourProgram, rawProgram, unbundled } from './program-of.ts'

/** Our server, and the baseline beside it. */
export interface Servers {
  readonly ours: MeasuredServer
  readonly raw: MeasuredServer
}

/** What servers are started with. */
export interface ServersOptions {
  readonly chat: ChatName
  /** Of `colloquy serve`. */
  readonly flags?: readonly string[]
  /** Of the baseline. */
  readonly rawFlags?: readonly string[]
  /** Whether they can be asked for their memory. Default: false. */
  readonly inside?: boolean
}

/** Starts both servers for as long as something takes. */
export function withServers<Result>(
  bench: Bench,
  options: ServersOptions,
  act: (servers: Servers) => Promise<Result>,
): Promise<Result> {
  return withOurs(bench, options, (ours) => withRaw(bench, options, (raw) => act({ ours, raw })))
}

/** Starts our server alone for as long as something takes. */
export function withOurs<Result>(
  bench: Bench,
  { chat, flags = [], inside = false }: ServersOptions,
  act: (server: MeasuredServer) => Promise<Result>,
): Promise<Result> {
  const { folder, cores, profiles } = bench
  const program = (port: number) => {
    const [bin = '', ...args] = ourProgram(chat, flags, port)
    return profiles === null ? [bin, ...args] : unbundled(args)
  }
  const options = { side: 'ours', program, folder, cores, inside: inside || profiles !== null } as const
  return whileRunning(startServer(options), act)
}

function withRaw<Result>(
  { folder, cores }: Bench,
  { chat, rawFlags = [], inside = false }: ServersOptions,
  act: (server: MeasuredServer) => Promise<Result>,
): Promise<Result> {
  const program = (port: number) => rawProgram(chat, rawFlags, port)
  return whileRunning(startServer({ side: 'raw', program, folder, cores, inside }), act)
}

async function whileRunning<Result>(
  starting: Promise<MeasuredServer>,
  act: (server: MeasuredServer) => Promise<Result>,
): Promise<Result> {
  const server = await starting
  try {
    return await act(server)
  } finally {
    await server.close()
  }
}
