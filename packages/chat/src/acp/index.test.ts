import { expect, it } from 'vitest'
import * as acp from './index.js'

it('exports these names and no others', () => {
  expect(Object.keys(acp).sort()).toEqual(['fromAcp'])
})
