import { ChatLoadError } from '@colloquy/chat'
import { maskCredentials } from '@colloquy/server'
import { SessionError } from '@colloquy/session'
import type { Config } from '../config/settings.js'

/**
 * What to tell about an error that kept a server from starting, with credentials masked; undefined when it is none that is
 * known.
 */
export function explainStartError(error: unknown, config: Config): string | undefined {
  const message = explain(error, config)
  return message === undefined ? undefined : maskCredentials(message)
}

function explain(error: unknown, config: Config): string | undefined {
  if (error instanceof ChatLoadError) return error.message
  if (error instanceof SessionError && error.code === 'not_ready') return explainNotReady(error, config)
  return isListenError(error) ? explainListenError(error, config) : undefined
}

/** The component, and why it failed: it is the user's own, so its own words help most. */
function explainNotReady({ message, cause }: SessionError, { logLevel, pretty }: Config): string {
  // A store says itself what is wrong with its file, and what to do.
  if (cause instanceof SessionError && cause.code === 'store_unavailable') return cause.message
  const isWholeLogged = cause === undefined || !pretty || logLevel === 'debug' || logLevel === 'trace'
  return [
    cause === undefined ? message : `${message.replace(/\.$/, '')}: ${messageOf(cause)}`,
    ...(isWholeLogged ? [] : ['The whole error is logged with --log-level debug.']),
    'With --start-degraded, the server listens all the same, and tries again.',
  ].join('\n')
}

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}

function isListenError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

function explainListenError(error: NodeJS.ErrnoException, { host, ...config }: Config): string {
  const isForMetrics = 'port' in error && error.port === config.metricsPort
  const port = isForMetrics ? Number(config.metricsPort) : config.port
  const flag = isForMetrics ? '--metrics-port' : '--port'
  switch (error.code ?? '') {
    case 'EADDRINUSE':
      return (
        `Port ${port} on ${host} is taken by another program. ` +
        `Choose another with ${flag}, or ${flag} 0 for a free one.`
      )
    case 'EACCES':
      return `This process may not listen on port ${port}. Choose one from 1024 on with ${flag}.`
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this machine. Choose another with --host, such as --host localhost.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host ${host} is not known. Choose another with --host, such as --host localhost.`
    default:
      return `The server can't listen on port ${port} of ${host}: ${error.message}`
  }
}
