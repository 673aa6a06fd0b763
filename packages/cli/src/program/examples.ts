import type { Command } from 'commander'
import { exitCodes } from './exit-codes.js'

/** One line of an example: what to type, and what that does where the line does not say so itself. */
export type Example = string | readonly [line: string, what: string]

/** What stands around the examples. */
export interface ExamplesFrame {
  /** The exit codes. Default: those of every command. */
  readonly codes?: string
  /** Text before the examples, which is broken to fit the screen, or is made for its width. Default: none. */
  readonly before?: string | ((columns: number) => string)
}

/**
 * Ends the help of a command with examples and the exit codes.
 */
export function addExamples(
  command: Command,
  examples: readonly Example[],
  { codes = exitCodes, before }: ExamplesFrame = {},
): Command {
  return command.addHelpText('after', ({ error }) => {
    const output = command.configureOutput()
    const columns = (error ? output.getErrHelpWidth?.() : output.getOutHelpWidth?.()) ?? 80
    const wrapped = (prose: string) => command.createHelp().boxWrap(prose, columns)
    const text = typeof before === 'function' ? before(columns) : before
    const head = text === undefined ? '' : `\n${wrapped(text)}\n`
    return `${head}\nExamples:\n${exampleLines(examples, columns)}\n\n${wrapped(codes)}`
  })
}

/** What an example does stands beside it, or below it where one has no room for that. */
function exampleLines(examples: readonly Example[], columns: number): string {
  const pairs = examples.map((example): readonly [string, string] =>
    typeof example === 'string' ? [example, ''] : example,
  )
  const width = Math.max(...pairs.map(([line, what]) => (what === '' ? 0 : line.length)))
  const beside = pairs.map(([line, what]) =>
    what === '' ? `  ${line}` : `  ${line.padEnd(width)}    ${what}`,
  )
  if (pairs.every(([, what], index) => what === '' || (beside[index] ?? '').length <= columns))
    return beside.join('\n')
  return pairs.map(([line, what]) => (what === '' ? `  ${line}` : `  ${line}\n      ${what}`)).join('\n')
}
