import type { TurnEvent } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { createEventEncoder, encodeEvent, type Frame, longFrame } from './encode-event.js'

const ref = { sessionId: 'sess_1', turnId: 'turn_1' }
const event = (text: string): TurnEvent => ({ type: 'text.delta', text, seq: 1 })

/** An event that counts how often it is encoded. */
function counting(data = 'x') {
  let count = 0
  const toJSON = () => {
    count += 1
    return data
  }
  const counted = { type: 'data', name: 'n', data: { toJSON }, seq: 1 } as unknown as TurnEvent
  return { counted, count: () => count }
}

function textOf(frame: Frame): string {
  return typeof frame === 'string' ? frame : new TextDecoder().decode(frame)
}

describe('the frame of an event', () => {
  it('has its number, its type, and data in one line, whatever it says', () => {
    const text = 'id: 1\nevent: text.delta\ndata: {"text":"a\\nb\\r\u2028é🪑\\"\\\\"}\n\n'
    expect(encodeEvent(event('a\nb\r\u2028é🪑"\\'), ref)).toBe(text)
    const data = { type: 'data', name: 'note', data: { line: 'a\nb' }, seq: 7 } as const
    expect(encodeEvent(data, ref)).toBe(
      'id: 7\nevent: data\ndata: {"name":"note","data":{"line":"a\\nb"}}\n\n',
    )
  })

  it('is bytes in UTF-8 where it is long', () => {
    expect(typeof encodeEvent(event('é'.repeat(longFrame - 100)), ref)).toBe('string')
    const frame = encodeEvent(event('é'.repeat(longFrame)), ref)
    expect(frame).toBeInstanceOf(Uint8Array)
    expect(textOf(frame)).toBe(`id: 1\nevent: text.delta\ndata: {"text":"${'é'.repeat(longFrame)}"}\n\n`)
  })
})

describe('the encoder of events', () => {
  it('encodes an event once, as long as its frame is fresh', () => {
    const encode = createEventEncoder()
    const { counted, count } = counting()
    const frame = encode(counted, ref)
    expect(encode(counted, ref)).toBe(frame)
    expect(count()).toBe(1)
    expect(encode(counting().counted, ref)).toBe(frame) // another event that says the same
  })

  it('does so with a long one, as long as somebody writes it', () => {
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

  it('does not keep frames for as long as their events: after two million characters of others they may go', () => {
    const encode = createEventEncoder()
    const filler = 'x'.repeat(50_000)
    const [seldom, often] = [counting(), counting()]
    const frame = encode(seldom.counted, ref)
    encode(often.counted, ref)
    for (let n = 0; n < 50; n += 1) {
      encode(event(filler), ref)
      encode(often.counted, ref)
    }
    expect(encode(seldom.counted, ref)).toBe(frame)
    expect([seldom.count(), often.count()]).toEqual([2, 1])
  })
})
