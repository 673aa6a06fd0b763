import { defineConfig } from 'tsup'
import { listLicences } from './scripts/list-licences.js'

const usual = {
  format: 'esm',
  target: 'node22',
  dts: false,
  clean: false, // what programs import is built before, into the same folder
  removeNodeProtocol: false,
} as const

// The command, with everything that it needs in few files: to find and read some four hundred takes Node longer than to
// run them. docs/decisions/0019-the-command-in-few-files.md tells what that means.
export default defineConfig([
  // What looks at the version of Node comes first, and with nothing else.
  { ...usual, entry: { bin: 'src/bin.ts' }, external: ['./main.js'], sourcemap: true },
  {
    ...usual,
    entry: { main: 'src/main.ts' },
    sourcemap: false, // it is not minified
    // What only some chats need is installed by those who have them.
    external: [/^ai$/, /^@ai-sdk\//, /^@agentclientprotocol\//],
    noExternal: [/^(?!ai$|@ai-sdk\/|@agentclientprotocol\/)/],
    esbuildOptions(options) {
      options.mainFields = ['module', 'main'] // jsonc-parser's other form loads its parts in a way that can't be followed
    },
    esbuildPlugins: [listLicences('dist/THIRD-PARTY-LICENCES')],
    // For what is no module yet and asks for parts of Node.
    banner: {
      js: "import { createRequire as createNodeRequire } from 'node:module'\nconst require = createNodeRequire(import.meta.url)",
    },
  },
])
