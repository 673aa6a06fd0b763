export type * from '@colloquy/contract/types'
