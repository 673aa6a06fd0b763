import { type Command, Option } from 'commander'
import { chatSpecForms } from '../chats/chat-spec.js'

/** What the argument of `serve` is. */
export const chatArgument = `what answers: ${chatSpecForms}, the built-in one, which it is without it`

/** Gives a command the flags that name what answers, in place of its argument. */
export function addChatOptions(command: Command): void {
  command.addOption(
    new Option(
      '--chat <name=chat>',
      'one of several that answer, as the argument names it; a session chooses by the name when it is made, the first is the default (repeatable)',
    )
      .argParser((chat, before: readonly string[] | undefined) => [...(before ?? []), chat])
      .helpGroup('Chat:'),
  )
  command.addOption(
    new Option(
      '--exec <command>',
      'a command line that answers each message: it gets it on stdin, and what it prints is the answer',
    ).helpGroup('Chat:'),
  )
}
