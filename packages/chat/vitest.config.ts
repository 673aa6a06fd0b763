import { defineProject } from 'vitest/config'

export default defineProject({
  test: {
    name: 'chat',
    include: ['src/**/*.test.ts'],
    typecheck: { include: ['src/**/*.test-d.ts'] },
    // The modules that the loader's tests write are loaded by Node itself, as they are outside of a test.
    server: { deps: { external: [/colloquy-chat-modules-/] } },
  },
})
