import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'server-app',
    include: ['src/**/*.test.ts'],
    typecheck: { include: ['src/**/*.test-d.ts'] },
    testTimeout: 60_000, // they start processes, and keep them busy
  },
})
