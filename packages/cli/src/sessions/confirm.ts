import { createInterface } from 'node:readline/promises'
import { CommandError, usageError } from '../command-error.js'
import { exitCodes } from '../exit-codes.js'
import type { Surroundings } from '../main-options.js'

/**
 * Asks on a terminal whether to delete; everything but yes means no.
 *
 * @throws CommandError when nobody can be asked, and after Ctrl-C
 */
export async function confirm(
  question: string,
  { stdin, stderr }: Pick<Surroundings, 'stdin' | 'stderr'>,
): Promise<boolean> {
  if (stdin.isTTY !== true || stderr.isTTY !== true) {
    throw usageError(`${question} Nobody can be asked here: say --yes.`)
  }
  const prompt = createInterface({ input: stdin, output: stderr })
  const { promise: left, resolve: leave } = Promise.withResolvers<string>()
  let isStopped = false
  prompt.once('SIGINT', () => {
    isStopped = true
    prompt.close()
  })
  prompt.once('close', () => leave('')) // the end of the input, too
  try {
    const answer = await Promise.race([prompt.question(`${question} [y/N] `).catch(() => ''), left])
    if (isStopped) throw new CommandError('\nNothing was deleted.', { exitCode: exitCodes.stopped })
    return /^(y|yes)$/i.test(answer.trim())
  } finally {
    prompt.close()
  }
}
