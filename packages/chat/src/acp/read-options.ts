import { basename, isAbsolute } from 'node:path'
import { type Clock, type Logger, silentLogger, systemClock } from '@colloquy/session'
import type { AcpFiles, AcpOptions, AcpTerminals } from './acp-options.js'

/** The options, whole and checked. */
export interface AcpSettings
  extends Required<Omit<AcpOptions, 'env' | 'permissions' | 'files' | 'terminals' | 'authMethodId'>> {
  readonly env: Readonly<Record<string, string>> | undefined
  readonly allow: ReadonlySet<string>
  readonly files: Required<AcpFiles> | undefined
  readonly terminals: TerminalSettings | undefined
  readonly authMethodId: string | undefined
  readonly logger: Logger
  readonly clock: Clock
}

/** The options of terminals, whole and checked. */
export interface TerminalSettings extends Required<Omit<AcpTerminals, 'commands'>> {
  readonly commands: ReadonlySet<string> | undefined
}

const mebibyte = 1_048_576

/** Reads the options. @throws TypeError | RangeError for what is not usable */
export function readOptions({
  command,
  args = [],
  cwd = process.cwd(),
  env,
  name = basename(command),
  mcpServers = [],
  permissions = { allow: [] },
  files,
  terminals,
  authMethodId,
  startTimeoutMs = 30_000,
  stopGraceMs = 2_000,
  maxSessions = 1_000,
  logger = silentLogger,
  clock = systemClock,
}: AcpOptions): AcpSettings {
  if (command === '') throw new TypeError('command must name the program of the agent; it is empty')
  return {
    command,
    args,
    cwd: absolute('cwd', cwd),
    env,
    name,
    mcpServers,
    allow: new Set(permissions.allow),
    files: files && readFiles(files),
    terminals: terminals && readTerminals(terminals),
    authMethodId,
    startTimeoutMs: count('startTimeoutMs', startTimeoutMs),
    stopGraceMs: count('stopGraceMs', stopGraceMs),
    maxSessions: count('maxSessions', maxSessions),
    logger: logger.child({ agent: name }),
    clock,
  }
}

function readFiles({ directory, write = false, maxBytes = mebibyte }: AcpFiles): Required<AcpFiles> {
  return {
    directory: absolute('files.directory', directory),
    write,
    maxBytes: count('files.maxBytes', maxBytes),
  }
}

function readTerminals({
  directory,
  commands,
  env = { PATH: '/usr/local/bin:/usr/bin:/bin' },
  maxOutputBytes = mebibyte,
  maxPerTurn = 8,
}: AcpTerminals): TerminalSettings {
  return {
    directory: absolute('terminals.directory', directory),
    commands: commands && new Set(commands),
    env,
    maxOutputBytes: count('terminals.maxOutputBytes', maxOutputBytes),
    maxPerTurn: count('terminals.maxPerTurn', maxPerTurn),
  }
}

function absolute(option: string, path: string): string {
  if (isAbsolute(path)) return path
  throw new TypeError(`${option} has to be an absolute path; got ${JSON.stringify(path)}`)
}

function count(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new RangeError(`${option} has to be a whole number of at least 1; got ${value}`)
}
