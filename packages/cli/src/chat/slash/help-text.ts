import { inColumns } from '../../output/in-columns.js'
import { slashCommands } from './slash-commands.js'

/** What `/help` shows. */
export function helpText(): string {
  const commands = Object.entries(slashCommands).map(([name, { takes, does }]) => [
    `/${name}${takes === '' ? '' : ` ${takes}`}`,
    does,
  ])
  return `${inColumns(commands)}\n${inColumns(keys)}`.trimEnd()
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
]
