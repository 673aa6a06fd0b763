import { join } from 'node:path'

/** What a chat interface of the bench is called: its file in `chats/`. */
export type ChatName = 'echo' | 'tokens' | 'paced-tokens' | 'many-tokens' | 'unending' | 'slow-echo'

const root = join(import.meta.dirname, '../..')

/** The built `colloquy` command. */
export const bin = join(root, 'packages/cli/dist/bin.js')

/** Our server is told to be what it is in use; the bounds are so wide that no workload meets them by chance. */
const usual = [
  '--host=127.0.0.1',
  '--cors-origin=https://app.example.com',
  '--max-sessions=2000000',
  '--session-ttl=86400',
  '--shutdown-grace=0',
]

/**
 * Our server, as it is built, with everything on that a request can meet: validation, a line in the log, metrics, an id,
 * security headers, CORS, and turns and events recorded.
 *
 * @param flags of `colloquy serve`, besides the usual ones
 */
export function ourProgram(chat: ChatName, flags: readonly string[], port: number): readonly string[] {
  const maxTurns = flags.some((flag) => flag.startsWith('--max-turns')) ? [] : ['--max-turns=20000']
  return [bin, 'serve', pathOf(chat), `--port=${port}`, ...usual, ...maxTurns, ...flags]
}

/**
 * The same server of the packages as programs import them: a profile of it tells which package a function is of.
 *
 * @param args of the command, from `serve` on
 */
export function unbundled([, ...args]: readonly string[]): readonly string[] {
  return [join(root, 'apps/server/dist/main.js'), ...args]
}

/** The baseline. @param flags of its own */
export function rawProgram(chat: ChatName, flags: readonly string[], port: number): readonly string[] {
  const program = join(import.meta.dirname, 'raw-server.ts')
  return [program, '--port', String(port), '--chat', pathOf(chat), ...flags]
}

function pathOf(chat: ChatName): string {
  return join(import.meta.dirname, `../chats/${chat}.ts`)
}
