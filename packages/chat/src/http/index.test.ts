import { expect, it } from 'vitest'
import * as http from './index.js'

it('exports these names', () => {
  expect(Object.keys(http).toSorted()).toEqual(['fromColloquy', 'fromHttp'])
})
