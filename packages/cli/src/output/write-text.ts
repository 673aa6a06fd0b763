import type { Output } from '../main-options.js'

/**
 * Writes text, and waits until it is taken. Returns whether it was: where nobody reads any more, nothing more is to be
 * written. What is to be told of an output that fails is told by whoever runs the command.
 */
export function writeText(output: Output, text: string): Promise<boolean> {
  const { promise, resolve } = Promise.withResolvers<boolean>()
  output.write(text, (error) => resolve(error === null || error === undefined))
  return promise
}
