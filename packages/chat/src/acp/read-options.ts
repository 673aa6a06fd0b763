import { basename, isAbsolute } from 'node:path'
import { type Clock, type Logger, silentLogger, systemClock } from '@colloquy/session'
import { checkOptions, checkProgram, checkTexts } from '../child/check-program.js'
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
export function readOptions(options: AcpOptions): AcpSettings {
  checkOptions('fromAcp()', options)
  checkProgram('fromAcp()', options.command, options)
  const {
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
  } = options
  checkParts(options)
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

/** @throws TypeError for parts that are not of the form that they need: a text instead of a list of them would allow its letters */
function checkParts({ mcpServers, permissions, files, terminals, authMethodId }: AcpOptions): void {
  for (const [part, value] of Object.entries({ permissions, files, terminals }))
    if (value !== undefined) checkOptions(`fromAcp(): ${part}`, value)
  if (permissions !== undefined) {
    if (permissions.allow === undefined)
      throw new TypeError('fromAcp(): permissions needs allow, a list of texts.')
    checkTexts('fromAcp(): permissions.allow', permissions.allow)
  }
  checkTexts('fromAcp(): terminals.commands', terminals?.commands)
  if (mcpServers !== undefined && !Array.isArray(mcpServers))
    throw new TypeError('fromAcp(): mcpServers has to be a list.')
  if (authMethodId !== undefined && (typeof authMethodId !== 'string' || authMethodId === ''))
    throw new TypeError('fromAcp(): authMethodId has to be a text that is not empty.')
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
  if (typeof path === 'string' && isAbsolute(path)) return path
  throw new TypeError(`fromAcp(): ${option} has to be an absolute path; got ${JSON.stringify(path)}.`)
}

function count(option: string, value: number): number {
  if (Number.isSafeInteger(value) && value > 0) return value
  throw new RangeError(`fromAcp(): ${option} has to be a whole number of at least 1; got ${value}.`)
}
