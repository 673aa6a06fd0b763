import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    testTimeout: 30_000, // a busy machine is no fault
    name: 'server',
    include: ['src/**/*.test.ts'],
    typecheck: { include: ['src/**/*.test-d.ts'] },
  },
})
