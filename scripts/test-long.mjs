// Runs the long variants of the tests that depend on chance; arguments are handed on to vitest. `COLLOQUY_SEED` and
// `PROPERTY_SEED` try a failure again.
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const tests = [
  'apps/server/src/crash.test.ts',
  'apps/server/src/cutting-proxy.test.ts',
  'apps/server/src/stress.test.ts',
  'packages/session/src/model/',
]
// One after the other: they measure, and keep a machine busy each by itself.
const once = ['run', '--no-file-parallelism', '--reporter=default', '--reporter=json']
const results = '--outputFile.json=.cache/long-test-results.json'
const { status, error } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), ...once, results, ...tests, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { PROPERTY_FACTOR: '10', ...process.env, COLLOQUY_LONG: '1' } },
)
if (error) throw error
process.exit(status ?? 1)
