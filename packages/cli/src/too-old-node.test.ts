import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { tooOldNode } from './too-old-node.js'

it.each(['0.10.48', '18.20.8', '20.20.2', '22.0.0', '22.17.1'])('Node %s is too old', (version) => {
  expect(tooOldNode(version)).toContain(`needs Node 22.18 or newer, and this is ${version}`)
})

it.each(['22.18.0', '22.21.3', '23.0.0', '26.10.0', '27.0.0-nightly'])(
  'Node %s is not too old',
  (version) => {
    expect(tooOldNode(version)).toBeNull()
  },
)

it('the package says the same of itself', () => {
  const { engines } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    engines: { node: string }
  }
  const [, oldest = ''] = /^>=([\d.]+)$/.exec(engines.node) ?? []
  expect(tooOldNode(`${oldest}.0`)).toBeNull()
  const [major = 0, minor = 0] = oldest.split('.').map(Number)
  expect(tooOldNode(`${major}.${minor - 1}.9`)).toContain(`Node ${oldest} or newer`)
})
