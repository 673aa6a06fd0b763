import { buildOf } from '../../tsup.shared.js'

export default buildOf({ index: 'src/index.ts' })
