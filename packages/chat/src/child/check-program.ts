/** What a program is started with. */
interface ProgramOptions {
  readonly args?: readonly string[] | undefined
  readonly cwd?: string | undefined
  readonly env?: Readonly<Record<string, string>> | undefined
  readonly name?: string | undefined
}

/**
 * Checks the options that start a program: they come from modules in which no compiler looked at them.
 *
 * @param of whose options they are: `fromProcess()`
 * @throws TypeError that names the option, and never says what it holds
 */
export function checkProgram(of: string, command: unknown, options: ProgramOptions): void {
  const { args, cwd, env, name } = options
  if (typeof command !== 'string' || command.trim() === '')
    throw new TypeError(`${of}: command has to be the program to run, a text that is not empty.`)
  checkTexts(`${of}: args`, args)
  checkText(`${of}: cwd`, cwd)
  checkText(`${of}: name`, name)
  if (env === undefined) return
  if (typeof env !== 'object' || env === null || !Object.values(env).every(isText))
    throw new TypeError(`${of}: env has to be an object of texts, by their names.`)
}

/** @throws TypeError for what is no list of texts; one that is left out is fine */
export function checkTexts(what: string, value: unknown): void {
  if (value === undefined) return
  if (!Array.isArray(value) || !value.every(isText)) throw new TypeError(`${what} has to be a list of texts.`)
}

/** @throws TypeError for what is no text, or an empty one; one that is left out is fine */
export function checkText(what: string, value: unknown): void {
  if (value !== undefined && (!isText(value) || value === ''))
    throw new TypeError(`${what} has to be a text that is not empty.`)
}

/** @throws RangeError for what is no time in milliseconds; one that is left out is fine */
export function checkMs(what: string, ms: unknown): void {
  if (ms === undefined) return
  if (typeof ms !== 'number' || !(ms >= 0))
    throw new RangeError(`${what} has to be a time in milliseconds, from 0.`)
}

/** @throws TypeError for what is no object, such as nothing at all */
export function checkOptions(of: string, options: unknown): void {
  if (typeof options !== 'object' || options === null)
    throw new TypeError(
      `${of} takes an object of options; got ${options === null ? 'null' : typeof options}.`,
    )
}

const isText = (value: unknown): value is string => typeof value === 'string'
