import { buildOf } from '../../tsup.shared.js'

export default buildOf(
  {
    index: 'src/index.ts',
    'react/index': 'src/react/index.ts',
  },
  {
    splitting: false, // the client is one file
    external: ['@colloquy/client'], // itself: whoever uses both has one client, and one class of each error
  },
)
