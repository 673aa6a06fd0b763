import { createInterface } from 'node:readline'
import { CommandError } from '../command-error.js'
import { type ExitCode, exitCodes } from '../exit-codes.js'
import type { Surroundings } from '../main-options.js'
import { printable } from '../output/printable.js'
import { isTemplateName, type TemplateName, templateNames, templates } from './templates.js'

/** What it is where nobody says. */
const defaultName: TemplateName = 'function'

/**
 * Asks on a terminal which template it is to be. Where nobody is at a terminal, it is a function.
 *
 * @throws CommandError when whoever was asked leaves
 */
export async function chooseTemplate({
  stdin,
  stdout,
}: Pick<Surroundings, 'stdin' | 'stdout'>): Promise<TemplateName> {
  if (stdin.isTTY !== true || stdout.isTTY !== true) return defaultName
  stdout.write(`What is the bot to be?\n${list()}\n`)
  const lines = createInterface({
    input: stdin,
    output: stdout,
    terminal: true,
    prompt: 'Number or name [1]: ',
  })
  let exitCode: ExitCode = exitCodes.failed
  lines.on('SIGINT', () => {
    exitCode = exitCodes.stopped
    lines.close()
  })
  try {
    lines.prompt()
    for await (const line of lines) {
      const chosen = read(line.trim())
      if (chosen !== undefined) return chosen
      stdout.write(
        `There is no ${printable(line.trim())}. The numbers are 1 to ${templateNames.length}, the names ${templateNames.join(', ')}.\n`,
      )
      lines.prompt()
    }
  } finally {
    lines.close()
  }
  stdout.write('\n')
  throw new CommandError('No template was chosen, and nothing was written.', { exitCode })
}

function list(): string {
  return templateNames
    .map((name, i) => `  ${i + 1}  ${name.padEnd(9)} ${templates[name].description}`)
    .join('\n')
}

function read(answer: string): TemplateName | undefined {
  if (answer === '') return defaultName
  if (isTemplateName(answer)) return answer
  return /^\d+$/.test(answer) ? templateNames[Number(answer) - 1] : undefined
}
