import type { TurnEvent } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import type { Frame } from './encode-event.js'
import { FramePieces } from './frame-pieces.js'

/** Pieces of events whose frames are these. */
function piecesOf(frames: readonly Frame[], head = 'head ') {
  let encoded = 0
  const pieces = new FramePieces(head, ({ seq }) => {
    encoded += 1
    return frames[seq - 1] ?? ''
  })
  pieces.add(frames.map((_, index): TurnEvent => ({ type: 'text.delta', text: '', seq: index + 1 })))
  return { pieces, encoded: () => encoded }
}

function all(pieces: FramePieces): Frame[] {
  const taken: Frame[] = []
  for (let piece = pieces.next(); piece !== null; piece = pieces.next()) taken.push(piece)
  return taken
}

const bytes = (length: number, value: number) => new Uint8Array(length).fill(value)

describe('the pieces of a stream', () => {
  it('are one for a batch of short frames, with the head before the first of all', () => {
    const { pieces } = piecesOf(['a', 'b', 'c'])
    expect(all(pieces)).toEqual(['head abc'])
    pieces.add([{ type: 'text.delta', text: '', seq: 2 }])
    expect(all(pieces)).toEqual(['b'])
  })

  it('are none for a batch of nothing, once the head has gone', () => {
    const { pieces } = piecesOf([], '')
    expect(all(pieces)).toEqual([])
  })

  it('are begun anew as soon as one is long enough; what is not asked for yet is not encoded', () => {
    const frame = 'x'.repeat(40_000)
    const { pieces, encoded } = piecesOf([frame, frame, frame, frame, frame], '')
    expect(pieces.next()).toBe(frame + frame)
    expect(encoded()).toBe(2)
    expect(all(pieces)).toEqual([frame + frame, frame])
  })

  it('of a long frame are cuts of it, not copied, with what was before it in front', () => {
    const long = bytes(150_000, 1)
    const { pieces } = piecesOf(['a', long, 'b', bytes(70_000, 2)])
    const taken = all(pieces)
    expect(taken.map(({ length }) => length)).toEqual([6, 65_536, 65_536, 18_928, 1, 65_536, 4_464])
    expect(taken[0]).toBe('head a')
    expect(taken[4]).toBe('b')
    for (const piece of taken.slice(1, 4)) expect((piece as Uint8Array).buffer).toBe(long.buffer)
  })
})
