import { ChatLoadError } from '@colloquy/chat'
import { SessionError } from '@colloquy/session'
import type { Config } from '../config/settings.js'

/** What to tell about an error that kept a server from starting; undefined when it is none that is known. */
export function explainStartError(error: unknown, config: Config): string | undefined {
  if (error instanceof ChatLoadError) return error.message
  if (error instanceof SessionError && error.code === 'not_ready') {
    const hint = config.logLevel === 'debug' || config.logLevel === 'trace' ? '' : moreHint
    return `What answers could not be started: ${messageOf(error.cause)}${hint}`
  }
  return isListenError(error) ? explainListenError(error, config) : undefined
}

const moreHint = '\nThe whole error is logged with --log-level debug.'

function messageOf(cause: unknown): string {
  return cause instanceof Error ? cause.message || cause.name : String(cause)
}

function isListenError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error && 'code' in error
}

function explainListenError(error: NodeJS.ErrnoException, { host, port }: Config): string {
  switch (error.code ?? '') {
    case 'EADDRINUSE':
      return (
        `Port ${port} on ${host} is taken by another program. ` +
        'Choose another with --port, or --port 0 for a free one.'
      )
    case 'EACCES':
      return `This process may not listen on port ${port}. Choose one from 1024 on with --port.`
    case 'EADDRNOTAVAIL':
      return `${host} is no address of this machine. Choose another with --host, such as --host localhost.`
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The host ${host} is not known. Choose another with --host, such as --host localhost.`
    default:
      return `The server can't listen on port ${port} of ${host}: ${error.message}`
  }
}
