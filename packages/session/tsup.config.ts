import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
    'memory/index': 'src/memory/index.ts',
    'testing/index': 'src/testing/index.ts',
  },
  format: 'esm',
  target: 'node22',
  dts: false, // tsc writes the declarations
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false, // the default turns node:sqlite into a package that does not exist
})
