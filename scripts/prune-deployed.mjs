// Takes out of a deployed folder what never runs: `node scripts/prune-deployed.mjs <folder>`. Licences stay.
//
// Node refuses to load TypeScript from node_modules, and nothing loads declarations, source maps and pages; tests come
// along with many packages. What pnpm noted for a later install names folders of the machine that it ran on.
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'

const [folder] = process.argv.slice(2)
if (folder === undefined || !existsSync(join(folder, 'node_modules/.pnpm'))) {
  console.error('Name a folder that pnpm deploy has filled: node scripts/prune-deployed.mjs /opt/colloquy')
  process.exit(2)
}

const isDead = (name) =>
  /\.(?:[cm]?ts|tsx|map|md|markdown|test\.[cm]?js)$/i.test(name) && !/^(?:licen[cs]e|notice)/i.test(name)
const notes = ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'README.md']
const notesInModules = ['.modules.yaml', '.pnpm-workspace-state-v1.json', '.pnpm/lock.yaml']

for (const name of notes) remove(folder, name)
for (const name of notesInModules) remove(join(folder, 'node_modules'), name)
prune(folder)

function prune(parent) {
  const entries = readdirSync(parent, { withFileTypes: true })
  const isPackage = entries.some(({ name }) => name === 'package.json')
  for (const entry of entries) {
    const { name } = entry
    if (entry.isDirectory() && isPackage && /^tests?$/.test(name)) remove(parent, name)
    else if (entry.isDirectory()) prune(join(parent, name))
    else if (entry.isFile() && isDead(name)) remove(parent, name)
  }
}

function remove(parent, name) {
  rmSync(join(parent, name), { recursive: true, force: true })
}
