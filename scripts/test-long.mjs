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
// Two at a time: some wait for processes, others keep a core busy.
const once = ['run', '--max-workers=2']
const { status, error } = spawnSync(
  process.execPath,
  [join(root, 'node_modules/vitest/vitest.mjs'), ...once, ...tests, ...process.argv.slice(2)],
  { cwd: root, stdio: 'inherit', env: { PROPERTY_FACTOR: '5', ...process.env, COLLOQUY_LONG: '1' } },
)
if (error) throw error
process.exit(status ?? 1)
