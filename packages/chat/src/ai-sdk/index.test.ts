import { expect, it } from 'vitest'
import * as aiSdk from './index.js'

it('exports these names', () => {
  expect(Object.keys(aiSdk).sort()).toEqual(['ModelLoadError', 'fromModel', 'loadModel', 'toolsOf'])
})
