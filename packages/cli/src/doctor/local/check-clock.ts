import { type Finding, fault, ok } from '../finding.js'

/** No machine on which this is installed has an earlier time: it was not written yet. */
const earliest = Date.UTC(2026, 0, 1)

/** Looks at the clock. @param now milliseconds since 1970. Default: the machine's */
export async function checkClock(_signal?: AbortSignal, now = Date.now()): Promise<Finding> {
  const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')
  return now < earliest
    ? fault(`The clock says ${time}.`, 'Set it: certificates, and the life of sessions, are judged by it.')
    : ok(`The clock says ${time}.`)
}
