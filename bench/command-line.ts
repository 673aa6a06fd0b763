import { parseArgs } from 'node:util'

/** What is to be done. */
export interface Options {
  readonly help: boolean
  /** Little of everything: to see that every answer is right. */
  readonly quick: boolean
  /** Which workloads; null: all. */
  readonly only: readonly string[] | null
  readonly rounds: number
  /** Where the results go as JSON; null: nowhere. */
  readonly json: string | null
  /** The workload of which a profile is taken; null: none is. */
  readonly profile: string | null
}

/**
 * Reads the arguments.
 *
 * @param names of the workloads
 * @throws UsageError when they make no sense
 */
export function readCommandLine(args: readonly string[], names: readonly string[]): Options {
  const { quick = false, help = false, only = [], rounds, json = null, profile = null } = parse(args)
  for (const name of [...only, ...(profile === null ? [] : [profile])]) {
    if (!names.includes(name)) {
      throw new UsageError(`There is no workload ${name}. There are: ${names.join(', ')}.`)
    }
  }
  if (rounds !== undefined && !/^[1-9]\d?$/.test(rounds)) {
    throw new UsageError(`--rounds ${rounds}: it has to be a number from 1 to 99, such as --rounds 5.`)
  }
  if (profile !== null && only.length > 0) {
    throw new UsageError('--profile names its workload itself: leave --only out.')
  }
  return {
    help,
    quick,
    only: profile === null ? (only.length === 0 ? null : only) : [profile],
    rounds: Number(rounds ?? (quick || profile !== null ? 1 : 5)),
    json,
    profile,
  }
}

/** The arguments can't be understood. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** @param workloads their names, and what they are */
export function helpText(workloads: readonly { readonly name: string; readonly about: string }[]): string {
  const width = Math.max(...workloads.map(({ name }) => name.length))
  return `Measures the built server beside a baseline of node:http alone. docs/benchmarks.md says how.

  pnpm bench [options]

  --quick            little of everything, in a minute: its figures say nothing, its checks everything
  --only <workload>  only this one (repeatable)
  --rounds <n>       how often each side is measured, in turn: 5, with --quick 1
  --json <file>      the results as JSON, too
  --profile <workload>  where our server spends its time in a workload, function by function
  --help             this

Workloads:
${workloads.map(({ name, about }) => `  ${name.padEnd(width)}  ${about}`).join('\n')}

Ends with 1 when an answer was wrong, or something could not be measured. A bar that is not reached is no failure.
`
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: args.filter((arg) => arg !== '--'), // pnpm hands it on
      options: {
        help: { type: 'boolean', short: 'h' },
        quick: { type: 'boolean' },
        only: { type: 'string', multiple: true },
        rounds: { type: 'string' },
        json: { type: 'string' },
        profile: { type: 'string' },
      },
    }).values
  } catch (error) {
    throw new UsageError(`${error instanceof Error ? error.message : String(error)} See --help.`)
  }
}
