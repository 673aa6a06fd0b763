// Runs before `npm start` and `npm test`, on whatever Node the machine has (so: plain, old syntax).
// Dependencies that are not there yet are installed; dependencies that bring the wrong Node are refused.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const install = 'npx -y pnpm@12.21.0 install'

if (Number(process.versions.node.split('.')[0]) < 20) {
  console.error(`Node ${process.versions.node} is too old to install Colloquy: it needs Node 20 or newer.`)
  process.exit(1)
}

// pnpm writes this file last, so an interrupted install does not count as one.
if (!existsSync(join(root, 'node_modules', '.modules.yaml'))) {
  console.error(`Nothing is installed yet, so this runs first:\n\n    ${install}\n`)
  const { status } = spawnSync(install, { cwd: root, stdio: 'inherit', shell: true })
  if (status !== 0) {
    console.error(`\nThe installation failed (see above). Once it is mended, run:\n\n    ${install}\n`)
    process.exit(status || 1)
  }
}

const wanted = readFileSync(join(root, 'pnpm-workspace.yaml'), 'utf8').match(/^ {2}node: (\S+)$/m)[1]
const { stdout } = spawnSync(join(root, 'node_modules', '.bin', 'node'), ['--version'], {
  encoding: 'utf8',
  shell: process.platform === 'win32',
})
if ((stdout || '').trim() !== `v${wanted}`) {
  console.error(
    `This workspace runs on its own Node ${wanted}, and node_modules has ${(stdout || 'none').trim()}. Run:\n\n    ${install}\n`,
  )
  process.exit(1)
}
