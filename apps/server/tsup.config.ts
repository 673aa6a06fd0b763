import { buildOf } from '../../tsup.shared.js'

export default buildOf({
  main: 'src/main.ts',
})
