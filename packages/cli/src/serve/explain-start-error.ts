import { ChatLoadError } from '@colloquy/chat'
import { maskCredentials } from '@colloquy/server'
import { SessionError } from '@colloquy/session'
import { CommandError } from '../command-error.js'
import type { Config } from '../config/settings.js'
import { describeHolder, type PortHolder } from '../ports/port-holder.js'
import { reasonLines } from './reason-lines.js'
import { nextPorts } from './serve-options.js'

/**
 * What to tell about an error that kept a server from starting, with credentials masked; undefined when it is none that is
 * known.
 *
 * @param holder who has the port, where that is taken
 */
export function explainStartError(error: unknown, config: Config, holder?: PortHolder): string | undefined {
  const message = explain(error, config, holder)
  return message === undefined ? undefined : maskCredentials(message)
}

/** A start that failed, for a line of the log: in words alone, with what code, at what component. */
export interface StartFault {
  readonly reason: string
  readonly code?: string | undefined
  readonly component?: string | undefined
}

/**
 * An error that kept a server from starting, where what is told about it is all that helps: what happened, to what, and
 * what to do. Undefined where somebody has to look into it.
 */
export function startFaultOf(error: unknown, config: Config, holder?: PortHolder): StartFault | undefined {
  if (error instanceof CommandError) return { reason: maskCredentials(error.message) }
  const reason = explainStartError(error, config, holder)
  if (reason === undefined) return undefined
  if (isListenError(error)) return { code: error.code, reason }
  if (error instanceof ChatLoadError || isModelLoadError(error)) return { reason }
  return error instanceof SessionError && isStoreFault(error.cause)
    ? { code: error.cause.code, component: error.component, reason }
    : undefined
}

function explain(error: unknown, config: Config, holder: PortHolder | undefined): string | undefined {
  // Where it does not suggest another file itself, in a second line.
  if (error instanceof ChatLoadError && error.code === 'not_found' && !error.message.includes('\n'))
    return `${error.message}\n${served}`
  if (error instanceof ChatLoadError || isModelLoadError(error)) return error.message
  if (error instanceof SessionError && error.code === 'not_ready') return explainNotReady(error, config)
  if (!isListenError(error)) return undefined
  const { what, advice } = listenFault(error, config, holder)
  return `${what} ${advice}`.trim()
}

const served = 'All that can be served: colloquy serve --help. A new bot: colloquy init my-bot'

/** The component, and why it failed, down to the last reason: it is the user's own, so its own words help most. */
function explainNotReady({ message, cause }: SessionError, { logLevel, pretty }: Config): string {
  // A store says itself what is wrong with its file, and what to do.
  if (isStoreFault(cause)) return cause.message
  const isWholeLogged = cause === undefined || !pretty || logLevel === 'debug' || logLevel === 'trace'
  return [
    cause === undefined ? message : `${message.replace(/\.$/, '')}: ${reasonLines(cause).join('\n')}`,
    ...(isWholeLogged ? [] : ['The whole error is logged with --log-level debug.']),
    'With --start-degraded, the server listens all the same, and tries again.',
  ].join('\n')
}

/** Known by its name: its class is loaded only where a model is. */
function isModelLoadError(error: unknown): error is Error {
  return error instanceof Error && error.name === 'ModelLoadError'
}

function isStoreFault(cause: unknown): cause is SessionError {
  return cause instanceof SessionError && cause.code === 'store_unavailable'
}

/** Whether an error is that of listening. */
export function isListenError(error: unknown): error is ListenError {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

/** Node's error when it can't listen. */
export type ListenError = NodeJS.ErrnoException & { readonly address?: string; readonly port?: number }

/** Where a server is to listen. */
export type ListenConfig = Pick<Config, 'host' | 'port' | 'metricsPort' | 'nextPort'>

/** Why something can't be done, and what to do. */
export interface Fault {
  /** A sentence. */
  readonly what: string
  /** Sentences; empty where there is nothing to say. */
  readonly advice: string
}

/** Why a server can't listen. @param holder who has the port, where that is taken */
export function listenFault(
  error: ListenError,
  { host, ...config }: ListenConfig,
  holder: PortHolder = { listener: undefined, isColloquy: false },
): Fault {
  const isForMetrics = 'port' in error && error.port === config.metricsPort
  const port = isForMetrics ? Number(config.metricsPort) : config.port
  const flag = isForMetrics ? '--metrics-port' : '--port'
  const otherHost = 'Choose another with --host, such as --host localhost.'
  switch (error.code ?? '') {
    case 'EADDRINUSE':
      return {
        what: `Port ${port} on ${host} is taken by ${describeHolder(holder)}.`,
        advice: adviceFor(port, flag, config.nextPort),
      }
    case 'EACCES':
      return {
        what: `This process may not listen on port ${port}.`,
        advice: `Choose one from 1024 on with ${flag}.`,
      }
    case 'EADDRNOTAVAIL':
      return { what: `${host} is no address of this machine.`, advice: otherHost }
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { what: `The host ${host} is not known.`, advice: otherHost }
    default:
      return { what: `The server can't listen on port ${port} of ${host}: ${error.message}`, advice: '' }
  }
}

function adviceFor(port: number, flag: '--port' | '--metrics-port', nextPort: boolean): string {
  const next = Math.min(port + 1, 65_535)
  if (flag === '--metrics-port') return `Choose another: ${flag} ${next}, or ${flag} 0 for a free one.`
  if (nextPort)
    return `So are the next ${nextPorts}. Choose another with ${flag}, or ${flag} 0 for a free one.`
  return `Choose another: ${flag} ${next}, --next-port for the next free one, or ${flag} 0 for any.`
}
