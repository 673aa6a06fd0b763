import { defineConfig } from 'tsup'

export default defineConfig({
  entry: {
    index: 'src/index.ts',
  },
  format: 'esm',
  target: 'node22',
  dts: false, // tsc writes the declarations
  sourcemap: true,
  clean: true,
  removeNodeProtocol: false, // the default turns node:sqlite into a package that does not exist
})
