import { twoColumns } from '../two-columns.js'
import { slashCommands } from './slash-commands.js'

/** What `/help` shows, in lines of a width. */
export function helpText(width: number): string {
  const commands = Object.entries(slashCommands).map(
    ([name, { takes, does }]) => [`/${name}${takes === '' ? '' : ` ${takes}`}`, does] as const,
  )
  return `${twoColumns(commands, width)}\n\n${twoColumns(keys, width)}`
}

const keys = [
  ['Enter', 'send'],
  ['\\ Enter', 'begin another line; so do Alt-Enter and Ctrl-J'],
  ['"""', 'open and close a message of several lines'],
  ['Up, Down', 'bring back what you said'],
  ['Tab', 'complete a command, or the id of a session'],
  ['Ctrl-C', 'stop the answer; clear the line; twice: leave'],
  ['Ctrl-D', 'leave'],
  ['//', 'a message that begins with a slash'],
] as const
