import { serve } from '@colloquy/server'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import type { EffectiveConfig } from '../../config/read-config.js'
import type { Surroundings } from '../../main-options.js'
import { type Finding, fault, ok } from '../finding.js'

/** What the pages are made of. */
const paths = ['/openapi.json', '/docs', '/docs/files/swagger-ui-bundle.js', '/redoc'] as const

/** Serves the documentation for a moment, to this process alone, and reads it. */
export async function checkDocs(
  { config }: EffectiveConfig,
  _surroundings: Surroundings,
  signal: AbortSignal,
): Promise<Finding> {
  if (config.docs === 'off') return ok('Not shown: --docs off.')
  const chat = { name: 'none', async *reply() {} }
  const manager = createSessionManager({ store: createMemoryStore(), chat })
  const server = await serve({ manager, host: '127.0.0.1', port: 0 })
  try {
    for (const path of paths) {
      const answer = await fetch(server.url + path, { signal })
      const { length } = await answer.text()
      if (!answer.ok || length === 0)
        return fault(
          `${path} is answered with ${answer.status}: a file of the package is missing.`,
          'Install colloquy again.',
        )
    }
    return ok(config.docs === 'key' ? 'Shown to callers with a key.' : 'Shown to everybody who gets there.')
  } finally {
    await server.close({ grace: 0 })
  }
}
