import { expect, test } from 'vitest'
import * as react from './index.js'

test('the public names of the entry point for React are these', () => {
  expect(Object.keys(react).sort()).toEqual(['createChat', 'useChat'])
})
