import { buildOf } from '../../tsup.shared.js'

export default buildOf({
  index: 'src/index.ts',
  'openapi/index': 'src/openapi/index.ts',
  types: 'src/types.ts',
})
