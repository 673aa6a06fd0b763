import type { Output } from '../main-options.js'

/** How many columns an output has; undefined for one that is no screen, where everything is written whole. */
export function screenWidth(output: Output): number | undefined {
  return output.isTTY === true ? (output.columns ?? 80) : undefined
}
