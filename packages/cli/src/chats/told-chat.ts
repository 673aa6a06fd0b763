import type { NamedChat } from '../config/find-chats.js'
import { nameOfCommand } from './name-of-command.js'

/** A chat as a line of the log tells it: of command lines and URLs, without what may be secret. */
export function toldChat({ name, text, spec }: NamedChat): string {
  const told = toldSpec(text, spec)
  return name === null ? told : `${name}=${told}`
}

function toldSpec(text: string, spec: NamedChat['spec']): string {
  switch (spec.kind) {
    case 'assistant':
    case 'file':
    case 'model':
      return text
    case 'process':
    case 'exec':
    case 'acp':
      return `${spec.kind}:${nameOfCommand(spec.command)}`
    case 'http':
      return new URL(spec.url).origin // a path may hold a secret as well
    case 'colloquy':
      return `colloquy:${new URL(spec.url).origin}`
  }
}
