import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { posix } from 'node:path'
import { expect, test } from 'vitest'

const dist = new URL('../dist/', import.meta.url)

// The declarations exist only after `pnpm run build`, which CI runs before the tests.
test.skipIf(!existsSync(new URL('contract-types.d.ts', dist)))(
  'the published declarations import nothing from outside the package',
  () => {
    const declarations = readdirSync(dist, { encoding: 'utf8', recursive: true }).filter((name) =>
      name.endsWith('.d.ts'),
    )
    expect(declarations).toContain('index.d.ts')
    expect(declarations).toContain('react/index.d.ts')
    const imported = declarations.flatMap((name) =>
      Array.from(
        readFileSync(new URL(name, dist), 'utf8').matchAll(
          /(?:\bfrom|\bimport\(?|\btypes=)\s*['"]([^'"]+)['"]/g,
        ),
        ([, specifier = '']) => ({ name, specifier, file: posix.join(posix.dirname(name), specifier) }),
      ),
    )
    expect(imported).not.toEqual([])
    const isWithin = ({ specifier, file }: { specifier: string; file: string }) =>
      specifier.startsWith('.') && declarations.includes(file.replace(/js$/, 'd.ts'))
    expect(imported.filter((one) => !isWithin(one))).toEqual([])
  },
)
