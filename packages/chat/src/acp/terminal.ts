import type {
  CreateTerminalRequest,
  TerminalExitStatus,
  TerminalOutputResponse,
} from '@agentclientprotocol/sdk'
import type { Clock } from '@colloquy/session'
import { startChild } from '../child/start-child.js'
import { directoryInside } from './place-inside.js'
import type { TerminalSettings } from './read-options.js'
import { RequestError } from './request-error.js'
import { TailBuffer } from './tail-buffer.js'

/** A program that runs for an agent. */
export interface Terminal {
  output(): TerminalOutputResponse
  /** Resolves when it has ended. Never rejects. */
  readonly exited: Promise<TerminalExitStatus>
  /** Ends it, and all that it has started. Never rejects. */
  end(): Promise<void>
}

/** Starts a program for an agent, without a shell. @throws RequestError for one that may not be run, or can't be started */
export async function startTerminal(
  { command, args = [], cwd, env = [], outputByteLimit }: CreateTerminalRequest,
  settings: TerminalSettings,
  { clock, killGraceMs }: { readonly clock: Clock; readonly killGraceMs: number },
): Promise<Terminal> {
  checkCommand(command, env.length > 0, settings)
  const place = await directoryInside(cwd ?? settings.directory, settings.directory)
  const tail = new TailBuffer(Math.min(outputByteLimit ?? settings.maxOutputBytes, settings.maxOutputBytes))
  const child = startChild({
    command,
    args,
    cwd: place,
    env: { ...settings.env, ...Object.fromEntries(env.map(({ name, value }) => [name, value])) },
    killGraceMs,
    clock,
  })
  for (const pipe of [child.stdout, child.stderr]) pipe.on('data', (part: Buffer) => tail.push(part))
  child.stdin.end()
  let status: TerminalExitStatus | undefined
  const exited = child.ended.then(({ code, signal }) => (status = { exitCode: code, signal }))
  if (child.pid === undefined) throw notStarted((await child.ended).error)
  return {
    output: () => ({
      output: tail.text(),
      truncated: tail.isTruncated,
      ...(status === undefined ? {} : { exitStatus: status }),
    }),
    exited,
    end: async () => void (await child.end()),
  }
}

function checkCommand(command: string, hasEnv: boolean, { commands }: TerminalSettings): void {
  if (commands === undefined) return
  if (!commands.has(command)) throw RequestError.invalidParams('the command is not one that is allowed')
  if (hasEnv) throw RequestError.invalidParams('environment variables are not allowed')
}

function notStarted(error: Error | undefined): RequestError {
  const code = error !== undefined && 'code' in error ? String(error.code) : 'unknown error'
  return RequestError.invalidParams(`the command can't be started: ${code}`)
}
