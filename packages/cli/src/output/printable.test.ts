import { expect, it } from 'vitest'
import { printable } from './printable.js'

it('keeps what is text, and nothing that a terminal obeys', () => {
  expect(printable('a\tb\nc é 漢 🪑')).toBe('a\tb\nc é 漢 🪑')
  expect(printable('\u001b]0;title\u0007\u001b[31mred\r\b\u007f\u009b2J')).toBe(']0;title[31mred2J')
})
