import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'checks',
    include: ['*.test.ts'],
    testTimeout: 60_000, // they start processes
    // The built packages, and the modules that they load, are loaded by Node itself, as they are outside of a test.
    server: { deps: { external: [/\/packages\/[^/]+\/dist\//, /\/examples\//] } },
  },
})
