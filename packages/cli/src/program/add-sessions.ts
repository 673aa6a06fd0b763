import type { Command } from 'commander'
import { exitCodes } from './exit-codes.js'
import type { ProgramParts } from './program-parts.js'
import { addConfigOptions, type ConfigOptions, flagsOf } from './setting-options.js'

/** Adds `colloquy sessions` with its commands. */
export function addSessions(program: Command, sessions: ProgramParts['sessions']): void {
  const command = program
    .command('sessions')
    .description('export, import, delete and check the sessions in the file of a store')
    .addHelpText('after', sessionsHelp)
  const add = (name: string, description: string, examples: string) => {
    const added = command.command(name).description(description).addHelpText('after', helpOf(examples))
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
    .action((file: string, options: ConfigOptions) =>
      sessions.import(file, {
        ...flagsOf(options),
        replace: options['replace'] === true,
        skipExisting: options['skipExisting'] === true,
      }),
    )
  add('delete', 'delete sessions with everything of them, for good', deleteExamples)
    .option('--owner <name>', 'all sessions of this owner: the name of a key; "" for those made without one')
    .option('--session <id>', 'only this session')
    .option('--yes', 'do not ask')
    .action((options: ConfigOptions) =>
      sessions.delete({
        ...flagsOf(options),
        owner: textOf(options, 'owner'),
        session: textOf(options, 'session'),
        yes: options['yes'] === true,
      }),
    )
  add('check', 'look through the file for damage', checkExamples).action((options: ConfigOptions) =>
    sessions.check(flagsOf(options)),
  )
}

function textOf(options: ConfigOptions, name: string): string | undefined {
  const value = options[name]
  return typeof value === 'string' ? value : undefined
}

const sessionsHelp = `
One process at a time has the file: stop the server first. The store is the one that serve would have, by the same flags,
variables and configuration file.

Examples:
  colloquy sessions export --data-dir data --output sessions.jsonl
  colloquy sessions import sessions.jsonl --store sqlite:other.db
  colloquy sessions delete --owner web-shop --data-dir data
  colloquy sessions check --data-dir data

${exitCodes}`

const exportExamples = [
  'colloquy sessions export --data-dir data --output sessions.jsonl',
  'colloquy sessions export --store sqlite:colloquy.db --owner web-shop | gzip > web-shop.jsonl.gz',
].join('\n  ')

const importExamples = [
  'colloquy sessions import sessions.jsonl --data-dir data',
  'colloquy sessions import sessions.jsonl --data-dir data --skip-existing',
  'gunzip -c sessions.jsonl.gz | colloquy sessions import - --data-dir data',
].join('\n  ')

const deleteExamples = [
  'colloquy sessions delete --owner web-shop --data-dir data',
  'colloquy sessions delete --session sess_adb96f20e71e4b9abf747da8df49b6f6 --data-dir data --yes',
].join('\n  ')

const checkExamples = 'colloquy sessions check --data-dir data'

function helpOf(examples: string): string {
  return `
Examples:
  ${examples}

${exitCodes}`
}
