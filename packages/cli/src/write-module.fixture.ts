import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Writes a module to a folder of its own. */
export function writeModule(source: string, name = 'bot.ts') {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-'))
  const path = join(folder, name)
  writeFileSync(path, source)
  return { path, folder, remove: () => rmSync(folder, { recursive: true, force: true }) }
}
