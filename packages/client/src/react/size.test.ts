import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { expect, test } from 'vitest'

const built = fileURLToPath(new URL('../../dist/react/index.js', import.meta.url))

// It exists only after `pnpm run build`, which CI runs before the tests.
test.skipIf(!existsSync(built))('what React needs besides the client is less than 3 KB', async () => {
  const { outputFiles } = await build({
    entryPoints: [built],
    bundle: true,
    minify: true,
    format: 'esm',
    write: false,
    external: ['react', '@colloquy/client'],
  })
  const script = outputFiles[0]?.text ?? ''
  expect(script).toContain('from"@colloquy/client"')
  expect(script).not.toContain('/api/v1') // which the client says
  expect(gzipSync(script).length).toBeLessThan(3_072)
})
