// The contract is a development dependency, so the declarations that are published carry its types themselves.
import { copyFile } from 'node:fs/promises'

await copyFile(
  new URL('../../contract/dist/types.d.ts', import.meta.url),
  new URL('../dist/contract-types.d.ts', import.meta.url),
)
