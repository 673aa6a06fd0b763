import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const packageOfChats = fileURLToPath(new URL('../../../../packages/chat', import.meta.url))

/** A module in a folder of its own for as long as the test takes, that finds the package of chat interfaces, as if it was installed there. */
export function moduleWith(text: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'colloquy-backend-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const scope = join(folder, 'node_modules', '@colloquy')
  mkdirSync(scope, { recursive: true })
  symlinkSync(packageOfChats, join(scope, 'chat'))
  const file = join(folder, 'bot.mjs')
  writeFileSync(file, text)
  return file
}
