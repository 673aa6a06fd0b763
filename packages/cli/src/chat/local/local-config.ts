import { usageError } from '../../command-error.js'
import { type EffectiveConfig, type Flags, readConfig } from '../../config/read-config.js'
import type { Surroundings } from '../../main-options.js'

/**
 * The configuration of what answers in process: that of `colloquy serve`, but for where it listens.
 *
 * @param chat what answers, as it was named; undefined for what the configuration names, or the assistant
 * @throws CommandError when it is wrong, or nothing would be there to continue
 */
export async function localConfig(
  chat: string | undefined,
  flags: Flags,
  { continues, surroundings }: { readonly continues: boolean; readonly surroundings: Surroundings },
): Promise<EffectiveConfig> {
  const { env, cwd, process } = surroundings
  const effective = await readConfig({
    flags: { ...flags, host: '127.0.0.1', port: '0' },
    env,
    cwd,
    chat,
    moduleEnv: process?.env,
    isTerminal: false,
  })
  if (continues && effective.config.store === 'memory') {
    throw usageError(
      '--continue: with --local, sessions are gone at the end, unless --data-dir keeps them. ' +
        'Example: colloquy chat --local --data-dir data --continue',
    )
  }
  return effective
}
