import { buildOf } from '../../tsup.shared.js'

export default buildOf({
  index: 'src/index.ts',
  'acp/index': 'src/acp/index.ts',
  'ai-sdk/index': 'src/ai-sdk/index.ts',
  'http/index': 'src/http/index.ts',
  'process/index': 'src/process/index.ts',
})
