import { defineConfig } from 'vitest/config'

// The long tests run besides the others, and are counted as well.
const results = process.env['COLLOQUY_LONG'] === '1' ? 'long-test-results' : 'test-results'

export default defineConfig({
  test: {
    projects: ['packages/*', 'apps/*', 'checks', 'bench'],
    reporters: ['default', ['json', { outputFile: `.cache/${results}.json` }]],
    coverage: {
      provider: 'v8',
      // From the workspace's folder on, or, where only some projects run, from theirs.
      include: ['packages/*/src/**/*.ts', 'apps/*/src/**/*.ts', 'src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/*.test-d.ts', '**/*.fixture.ts'],
      reporter: [['text', { skipFull: true }], 'text-summary', 'json-summary'],
      reportsDirectory: '.cache/coverage',
      thresholds: { lines: 95 },
    },
  },
})
