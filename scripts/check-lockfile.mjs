// The lockfile must resolve from any registry, so it may name none.
import { readFileSync } from 'node:fs'

const lines = readFileSync('pnpm-lock.yaml', 'utf8').split('\n')
const faults = lines.flatMap((line, index) =>
  /tarball:|https?:\/\/|registry\./.test(line) ? [`pnpm-lock.yaml:${index + 1}: ${line.trim()}`] : [],
)
if (faults.length > 0) {
  console.error(`The lockfile names a host:\n${faults.join('\n')}`)
  process.exit(1)
}
console.log('pnpm-lock.yaml names no host.')
