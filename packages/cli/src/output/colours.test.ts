import { expect, it } from 'vitest'
import { TextOutput } from '../text-output.fixture.js'
import { dim, hasColours, painted } from './colours.js'

it.each([
  [true, {}, true],
  [false, {}, false],
  [true, { NO_COLOR: '1' }, false],
  [true, { NO_COLOR: '' }, true],
  [true, { TERM: 'dumb' }, false],
  [true, { TERM: 'xterm-256color' }, true],
  [false, { FORCE_COLOR: '1' }, true],
  [false, { FORCE_COLOR: '3', NO_COLOR: '1' }, true],
  [true, { FORCE_COLOR: '0' }, false],
  [true, { FORCE_COLOR: 'false' }, false],
  [false, { FORCE_COLOR: '' }, false],
])('where a terminal is %j and the environment %j, there are colours: %j', (isTTY, env, wanted) => {
  expect(hasColours(new TextOutput({ isTTY }), env)).toBe(wanted)
})

it('text is painted where there are colours, and left as it is elsewhere', () => {
  expect(dim('text', true)).toBe('\u001b[2mtext\u001b[22m')
  expect(painted('text', 'red', true)).toBe('\u001b[31mtext\u001b[39m')
  expect(painted('', 'red', true)).toBe('')
  expect(painted('text', 'red', false)).toBe('text')
})
