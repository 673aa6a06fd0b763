import type { TurnEvent } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { createEventEncoder } from './encode-event.js'

const ref = { sessionId: 'sess_1', turnId: 'turn_1' }
const event = (text: string): TurnEvent => ({ type: 'text.delta', text, seq: 1 })

describe('the encoder of events', () => {
  it('writes a frame in UTF-8, whose data is one line whatever it says', () => {
    const frame = createEventEncoder()(event('a\nb\r\u2028é🪑'), ref)
    const text = 'id: 1\nevent: text.delta\ndata: {"text":"a\\nb\\r\u2028é🪑"}\n\n'
    expect(new TextDecoder().decode(frame)).toBe(text)
  })

  it('gives the same bytes for the same event, as long as they are fresh', () => {
    const encode = createEventEncoder()
    const first = event('hi')
    const frame = encode(first, ref)
    expect(encode(first, ref)).toBe(frame)
    expect(encode(event('hi'), ref)).not.toBe(frame) // another event that says the same
  })

  it('does so with a long frame, as long as somebody writes it', () => {
    const encode = createEventEncoder()
    const long = event('x'.repeat(1_000_000))
    const frame = encode(long, ref)
    for (let n = 0; n < 40; n += 1) {
      expect(encode(long, ref)).toBe(frame)
      for (let other = 0; other < 3; other += 1) encode(event('x'.repeat(900_000)), ref)
    }
    for (let n = 0; n < 100; n += 1) encode(event('x'.repeat(60_000)), ref)
    expect(encode(long, ref)).toBe(frame) // it comes back after very many others
  })

  it('does not keep frames for as long as their events: after two megabytes of others they may go', () => {
    const encode = createEventEncoder()
    const filler = 'x'.repeat(50_000)
    const seldom = event('seldom')
    const often = event('often')
    const [seldomFrame, oftenFrame] = [encode(seldom, ref), encode(often, ref)]
    for (let n = 0; n < 50; n += 1) {
      encode(event(filler), ref)
      expect(encode(often, ref)).toBe(oftenFrame)
    }
    const again = encode(seldom, ref)
    expect(again).not.toBe(seldomFrame)
    expect(again).toEqual(seldomFrame)
  })
})
