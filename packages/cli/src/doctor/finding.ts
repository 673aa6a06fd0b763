/** How something is: in order; in order, but worth a look; wrong; or not looked at. */
export type FindingStatus = 'ok' | 'warning' | 'fault' | 'unchecked'

/** What a check has found. */
export interface Finding {
  readonly status: FindingStatus
  /** What was found, in a sentence. */
  readonly found: string
  /** What to do about it. */
  readonly mend?: string
}

/** Something that is looked at. */
export interface Check {
  /** A word or two. */
  readonly name: string
  /** How long it may take, in milliseconds. Default: 20,000. */
  readonly patienceMs?: number
  /**
   * Looks, and leaves everything as it was. What it throws is a fault.
   *
   * @param signal aborted when it takes too long
   */
  run(signal: AbortSignal): Promise<Finding | readonly Finding[]>
}

/** A finding, and what it is of. */
export interface CheckFinding extends Finding {
  readonly check: string
}

/** That something is in order. */
export function ok(found: string): Finding {
  return { status: 'ok', found }
}

/** That something works, and may not be what was meant. */
export function warning(found: string, mend: string): Finding {
  return { status: 'warning', found, ...(mend === '' ? {} : { mend }) }
}

/** That something does not work. */
export function fault(found: string, mend: string): Finding {
  return { status: 'fault', found, ...(mend === '' ? {} : { mend }) }
}

/** That something was not looked at. @param mend what would let it be */
export function unchecked(found: string, mend?: string): Finding {
  return { status: 'unchecked', found, ...(mend === undefined ? {} : { mend }) }
}
