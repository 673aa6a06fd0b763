import type { Command } from 'commander'
import { exitCodes } from './exit-codes.js'

/** One line of an example: what to type, and what that does where the line does not say so itself. */
export type Example = string | readonly [line: string, what: string]

/**
 * Ends the help of a command with examples and the exit codes.
 *
 * @param codes Default: those of every command
 * @param before stands before the examples
 */
export function addExamples(
  command: Command,
  examples: readonly Example[],
  { codes = exitCodes, before }: { readonly codes?: string; readonly before?: string } = {},
): Command {
  const lines = examples.map((example) => (typeof example === 'string' ? [example] : example))
  const width = Math.max(...lines.map(([line = '', what]) => (what === undefined ? 0 : line.length)))
  const text = lines.map(([line = '', what]) =>
    what === undefined ? `  ${line}` : `  ${line.padEnd(width)}    ${what}`,
  )
  const head = before === undefined ? '' : `\n${before}\n`
  return command.addHelpText('after', `${head}\nExamples:\n${text.join('\n')}\n\n${codes}`)
}
