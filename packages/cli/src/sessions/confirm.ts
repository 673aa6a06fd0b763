import { createInterface } from 'node:readline/promises'
import { usageError } from '../command-error.js'
import type { Surroundings } from '../main-options.js'

/**
 * Asks on a terminal whether to go on; everything but yes means no.
 *
 * @throws CommandError when nobody can be asked
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
  prompt.once('close', () => leave('')) // Ctrl-C, or the end of the input
  try {
    const answer = await Promise.race([prompt.question(`${question} [y/N] `).catch(() => ''), left])
    return /^(y|yes)$/i.test(answer.trim())
  } finally {
    prompt.close()
  }
}
