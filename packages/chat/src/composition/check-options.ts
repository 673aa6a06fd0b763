import { shapeOf } from '../shape-of.js'

/** What an option has to be. */
export interface OptionRule {
  /** In the words of a message. */
  readonly wanted: string
  readonly fits: (value: unknown) => boolean
}

/** A rule for each option that there is. */
export type OptionRules<Options> = { readonly [Option in keyof Options]-?: OptionRule }

/** Any number: how large it may be is another question. */
export const number: OptionRule = { wanted: 'a number', fits: (value) => typeof value === 'number' }
export const text: OptionRule = { wanted: 'a text', fits: (value) => typeof value === 'string' }
export const call: OptionRule = { wanted: 'a function', fits: (value) => typeof value === 'function' }
export const clock: OptionRule = { wanted: 'a clock', fits: (value) => canAll(value, ['now', 'after']) }
export const logger: OptionRule = { wanted: 'a logger', fits: (value) => canAll(value, ['info', 'warn']) }

/**
 * Checks options: that each is one that there is, and what it has to be. What is undefined counts as left out.
 *
 * @param caller the function that was given them, for the message
 * @throws TypeError that names the function, the option, and what is expected
 */
export function checkOptions<Options extends object>(
  caller: string,
  options: unknown,
  rules: OptionRules<Options>,
): void {
  if (options === undefined) return
  const names = Object.keys(rules).join(', ')
  if (typeof options !== 'object' || options === null || Array.isArray(options))
    throw new TypeError(
      `${caller}() was given as its options: ${shapeOf(options)}. Expected: an object with options out of ${names}.`,
    )
  const byName: Readonly<Partial<Record<string, OptionRule>>> = rules
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? byName[name] : undefined
    if (rule === undefined)
      throw new TypeError(`${caller}(): there is no option ${shown(name)}. There are: ${names}.`)
    if (value !== undefined && !rule.fits(value))
      throw new TypeError(`${caller}(): ${name} is ${shapeOf(value)}. Expected: ${rule.wanted}.`)
  }
}

/** A key may also be what somebody said: only what looks like a name is told. */
function shown(key: string): string {
  return /^[a-z_$][\w$]{0,31}$/i.test(key) ? key : 'of such a name'
}

function canAll(value: unknown, methods: readonly string[]): boolean {
  return (
    typeof value === 'object' &&
    value !== null &&
    methods.every((method) => typeof Reflect.get(value, method) === 'function')
  )
}
