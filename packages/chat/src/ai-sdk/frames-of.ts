/** The lines of an error's stack that say where it was thrown, without its message; none when they can't be told apart. */
export function framesOf(error: unknown): readonly string[] {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return []
  const { message, stack } = error
  const end = stack.indexOf(message)
  if (end === -1) return []
  return stack
    .slice(end + message.length)
    .split('\n')
    .filter((line) => line.startsWith('    at '))
}
