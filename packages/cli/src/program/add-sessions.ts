import type { Command } from 'commander'
import { addServerSessions, exampleId } from './add-server-sessions.js'
import { addExamples, type Example } from './examples.js'
import { serverExitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'
import { addServerOptions } from './server-options.js'
import { addConfigOptions, type ConfigOptions, flagsOf } from './setting-options.js'

/** Adds `colloquy sessions` with its commands. */
export function addSessions(program: Command, sessions: ProgramParts['sessions']): void {
  const command = program
    .command('sessions')
    .description(
      'look at the sessions of a running server; export, import, delete and check those in the file of a store',
    )
  command.commandsGroup('At a running server:')
  addServerSessions(command, sessions)
  command.commandsGroup('At a running server, or in the file of a store:')
  addDelete(command, sessions)
  command.commandsGroup('In the file of a store, while no server has it:')
  addFileCommands(command, sessions)
  command.commandsGroup('Help:')
  addExamples(
    command,
    [
      'colloquy sessions list',
      `colloquy sessions messages ${exampleId}`,
      'colloquy sessions export --data-dir data --output sessions.jsonl',
      'colloquy sessions import sessions.jsonl --store sqlite:other.db',
    ],
    { codes: serverExitCodes, before: fileHelp },
  )
}

function addDelete(command: Command, sessions: ProgramParts['sessions']): void {
  const added = command
    .command('delete')
    .description('delete sessions with everything of them, for good')
    .argument('[id...]', 'whole ids of sessions at a running server')
    .option('--yes', 'do not ask')
    .option('--json', 'print how many were deleted as JSON')
    .optionsGroup('At a running server:')
  addServerOptions(added)
    .optionsGroup('In the file of a store:')
    .option('--owner <name>', 'all sessions of this owner: the name of a key; "" for those made without one')
    .option('--session <id>', 'only this session')
    .action((ids: readonly string[], options: ConfigOptions) =>
      sessions.delete(ids, {
        ...flagsOf(options),
        url: textOf(options, 'url'),
        timeout: textOf(options, 'timeout'),
        owner: textOf(options, 'owner'),
        session: textOf(options, 'session'),
        yes: options['yes'] === true,
        json: options['json'] === true,
      }),
    )
  addConfigOptions(added, ['store', 'dataDir'])
  addExamples(added, deleteExamples, { codes: serverExitCodes, before: deleteHelp })
}

/** Adds what works on the file of a store. */
function addFileCommands(command: Command, sessions: ProgramParts['sessions']): void {
  const add = (name: string, description: string, examples: readonly Example[]) => {
    const added = command.command(name).description(description)
    addExamples(added, examples)
    addConfigOptions(added, ['store', 'dataDir'])
    return added
  }
  add('export', 'write sessions, with everything of them, as JSON Lines', exportExamples)
    .option('--owner <name>', 'only those of this owner: the name of a key (default: all)')
    .option('--output <file>', 'file to write, whole or not at all (default: stdout)')
    .action((options: ConfigOptions) =>
      sessions.export({
        ...flagsOf(options),
        owner: textOf(options, 'owner'),
        output: textOf(options, 'output'),
      }),
    )
  add('import', 'read sessions that export has written', importExamples)
    .argument('<file>', 'the file; - for stdin')
    .option('--replace', 'replace sessions that are there already, of the same owner')
    .option('--skip-existing', 'leave sessions that are there already as they are')
    .option('--json', 'print what became of them as JSON')
    .action((file: string, options: ConfigOptions) =>
      sessions.import(file, {
        ...flagsOf(options),
        replace: options['replace'] === true,
        skipExisting: options['skipExisting'] === true,
        json: options['json'] === true,
      }),
    )
  add('check', 'look through the file for damage', checkExamples)
    .option('--json', 'print what was found as JSON')
    .action((options: ConfigOptions) =>
      sessions.check({ ...flagsOf(options), json: options['json'] === true }),
    )
}

function textOf(options: ConfigOptions, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

const fileHelp = `One process at a time has the file of a store: stop the server first. The store is the one that serve would have, by the same flags, variables and configuration file.`

const deleteHelp = `With ids, it deletes at a running server, which may keep traces of them in its file. With --owner or --session, it deletes in the file of a store, which no server may have meanwhile, and leaves not a byte of them there.`

const exportExamples = [
  'colloquy sessions export --data-dir data --output sessions.jsonl',
  'colloquy sessions export --store sqlite:colloquy.db --owner web-shop | gzip > web-shop.jsonl.gz',
]

const importExamples = [
  'colloquy sessions import sessions.jsonl --data-dir data',
  'colloquy sessions import sessions.jsonl --data-dir data --skip-existing',
  'gunzip -c sessions.jsonl.gz | colloquy sessions import - --data-dir data',
]

const deleteExamples = [
  `colloquy sessions delete ${exampleId}`,
  `colloquy sessions delete ${exampleId} --url https://chat.example.com --yes`,
  'colloquy sessions delete --owner web-shop --data-dir data',
  `colloquy sessions delete --session ${exampleId} --data-dir data --yes`,
]

const checkExamples = [
  'colloquy sessions check --data-dir data',
  'colloquy sessions check --store sqlite:colloquy.db --json',
]
