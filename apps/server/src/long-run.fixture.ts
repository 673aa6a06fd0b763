/** Whether this is the long run of `pnpm test:long`, which takes minutes. */
export const isLongRun = process.env['COLLOQUY_LONG'] === '1'

/** What chance starts from: `COLLOQUY_SEED`, to try a failure again, or else another number each time. */
export const seed = Number(process.env['COLLOQUY_SEED'] ?? Math.trunc(Math.random() * 0x7fff_ffff))

/** Runs a test that depends on chance; when it fails, the error begins with how to try it again. */
export async function byChance(test: () => Promise<void>): Promise<void> {
  try {
    await test()
  } catch (error) {
    const again = `COLLOQUY_SEED=${seed}${isLongRun ? ' COLLOQUY_LONG=1' : ''}`
    throw new Error(`To try again: ${again}\n${error instanceof Error ? error.message : String(error)}`, {
      cause: error,
    })
  }
}

/** Tells, in the long run, what came out of it besides that nothing failed. */
export function tell(findings: object): void {
  if (isLongRun) process.stdout.write(`${JSON.stringify({ seed, ...findings })}\n`)
}
