import type { ChildEnd } from '../child/start-child.js'

/** How a program has ended, as the end of a sentence about it. */
export function describeEnd({ code, signal, error }: ChildEnd): string {
  if (error !== undefined) return `can't be started (${codeOf(error)})`
  return signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`
}

/** What a program that could not be started lacks. */
export function adviceOn(error: Error): string {
  switch (codeOf(error)) {
    case 'ENOENT':
      return 'There is no such program, or no such folder to run it in. Give its path, or a name that is in the PATH.'
    case 'EACCES':
      return 'It may not be run: make it executable (chmod +x), or name what runs it, such as python3, with the file as its argument.'
    default:
      return 'The system refused to run it.'
  }
}

/** The system's code of an error; its message may hold the arguments. */
function codeOf(error: Error): string {
  return 'code' in error && typeof error.code === 'string' ? error.code : 'unknown reason'
}
