import { buildOf } from '../../tsup.shared.js'

export default buildOf({
  index: 'src/index.ts',
  'memory/index': 'src/memory/index.ts',
  'sqlite/index': 'src/sqlite/index.ts',
  'testing/index': 'src/testing/index.ts',
})
