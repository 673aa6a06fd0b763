import type { Command } from 'commander'
import type { SessionsListFlags } from '../commands/sessions-list.js'
import type { SessionsMessagesFlags } from '../commands/sessions-messages.js'
import type { SessionsShowFlags } from '../commands/sessions-show.js'
import { addExamples } from './examples.js'
import { serverExitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'
import { addServerOptions, keyHelp } from './server-options.js'

/** An id as an example has it. */
export const exampleId = 'sess_adb96f20e71e4b9abf747da8df49b6f6'

const help = { codes: serverExitCodes, before: keyHelp }

/** Adds to `colloquy sessions` what looks at the sessions of a running server. */
export function addServerSessions(sessions: Command, parts: ProgramParts['sessions']): void {
  const list = sessions
    .command('list')
    .description('list the sessions, the most recently active first')
    .option('--limit <n>', 'how many at most (default: 50)')
    .option('--all', 'all of them')
    .option('--json', 'print them as a JSON array, as the HTTP API gives them')
    .action((flags: SessionsListFlags) => parts.list(flags))
  addExamples(
    addServerOptions(list),
    [
      'colloquy sessions list --limit 10',
      'colloquy sessions list --url https://chat.example.com',
      "colloquy sessions list --all --json | jq -r '.[].session_id'",
    ],
    help,
  )
  const show = sessions
    .command('show')
    .description('show a session, and the turn that runs in it')
    .argument('<id>', 'its whole id')
    .option('--json', 'print it as JSON, as the HTTP API gives it')
    .action((id: string, flags: SessionsShowFlags) => parts.show(id, flags))
  addExamples(
    addServerOptions(show),
    [`colloquy sessions show ${exampleId}`, `colloquy sessions show ${exampleId} --json`],
    help,
  )
  const messages = sessions
    .command('messages')
    .description('show what was said in a session')
    .argument('<id>', 'its whole id')
    .option('--order <order>', 'asc: the oldest first; desc: the newest first (default: asc)')
    .option('--limit <n>', 'how many at most (default: 50)')
    .option('--all', 'all of them')
    .option('--json', 'print them as a JSON array, as the HTTP API gives them')
    .action((id: string, flags: SessionsMessagesFlags) => parts.messages(id, flags))
  addExamples(
    addServerOptions(messages),
    [
      `colloquy sessions messages ${exampleId}`,
      `colloquy sessions messages ${exampleId} --order desc --limit 2`,
      `colloquy sessions messages ${exampleId} --all --json`,
    ],
    help,
  )
}
