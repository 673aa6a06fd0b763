// Closes a CI run: adds up what the tests and the package checks counted, and fails when one failed or none ran.
import { readFileSync } from 'node:fs'

const read = (file) => {
  try {
    return JSON.parse(readFileSync(file, 'utf8'))
  } catch {
    return null // it did not get as far as to count anything
  }
}
const tests = read('.cache/test-results.json')
const long = read('.cache/long-test-results.json')
const packages = read('.cache/package-results.json')
const passed = (tests?.numPassedTests ?? 0) + (long?.numPassedTests ?? 0) + (packages?.passed ?? 0)
const failed = (tests?.numFailedTests ?? 0) + (long?.numFailedTests ?? 0) + (packages?.failed ?? 0)
const lines = read('.cache/coverage/coverage-summary.json')?.total?.lines
const skipped = (tests?.numPendingTests ?? 0) + (tests?.numTodoTests ?? 0)
// vitest holds them to its threshold, but is content when it has counted none
if (!(lines?.total > 0)) console.log('no line of src was counted: see coverage.include in vitest.config.ts')
else console.log(`${lines.pct} % of ${lines.total} lines of src are covered`)
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`)
const isGood = (results) => results?.numPassedTests > 0 && results.success === true
if (failed > 0 || !isGood(tests) || !isGood(long) || !(lines?.total > 0)) process.exit(1)
