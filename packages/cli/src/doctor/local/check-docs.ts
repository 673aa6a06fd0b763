import { serve } from '@colloquy/server'
import { pino } from 'pino'
import { compose } from '../../compose.js'
import type { EffectiveConfig } from '../../config/read-config.js'
import type { Surroundings } from '../../main-options.js'
import { type Finding, fault, ok } from '../finding.js'

/** Serves the documentation for a moment, to this process alone, and reads it, with what its pages load. */
export async function checkDocs(
  { config }: EffectiveConfig,
  _surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Finding> {
  if (config.docs === 'off') return ok('Not shown: --docs off.')
  const manager = await compose(
    { ...config, store: 'memory', model: null },
    { logger: pino({ enabled: false }) },
  )
  const server = await serve({ manager, host: '127.0.0.1', port: 0 })
  try {
    const missing: string[] = []
    const read = async (path: string): Promise<string> => {
      const answer = await fetch(new URL(path, server.url), { signal })
      const text = await answer.text()
      if (!answer.ok || text === '') missing.push(path)
      return text
    }
    const pages = [await read('/docs'), await read('/redoc'), await read('/openapi.json')]
    const files = pages.flatMap((page) =>
      Array.from(page.matchAll(/ (?:src|href)="([^":]+)"/g), ([, file = '']) => file),
    )
    for (const file of new Set(files)) await read(file)
    if (missing.length > 0)
      return fault(
        `${missing.join(', ')} can't be shown: a file of the package is missing.`,
        'Install colloquy again.',
      )
    return ok(config.docs === 'key' ? 'Shown to callers with a key.' : 'Shown to everybody who gets there.')
  } finally {
    await server.close({ grace: 0 })
  }
}
