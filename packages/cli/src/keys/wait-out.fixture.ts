import type { ManualClock } from '@colloquy/session/testing'

/** Lets the time pass that a lock is waited for, step by step. */
export async function waitOut(clock: ManualClock): Promise<void> {
  for (let waited = 0; waited < 5_000; waited += 25) {
    while (clock.timers === 0) await new Promise(setImmediate)
    await clock.advance(25)
  }
}
