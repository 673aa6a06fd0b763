import type { TurnEvent } from '@colloquy/session'
import type { Frame } from './encode-event.js'

/** So much is written at once, in characters, or up to twice as much: the most that waits for a slow reader. */
const pieceLength = 65_536

/** Joins the frames of events into pieces, each as soon as it is long enough; long frames are cut, and not copied. */
export class FramePieces {
  readonly #encode: (event: TurnEvent) => Frame
  /** What comes before the next frame. */
  #text: string
  #events: readonly TurnEvent[] = []
  #index = 0
  /** What is left of a long frame. */
  #long: Uint8Array | null = null

  /** @param head goes out before the first frame, and with it */
  constructor(head: string, encode: (event: TurnEvent) => Frame) {
    this.#text = head
    this.#encode = encode
  }

  /** Goes on with these; those from before have been taken. */
  add(events: readonly TurnEvent[]): void {
    this.#events = events
    this.#index = 0
  }

  /** The next piece; null when there is nothing more. An event is encoded only when it is asked for. */
  next(): Frame | null {
    if (this.#long !== null) return this.#cut(this.#long)
    let text = this.#text
    this.#text = ''
    while (this.#index < this.#events.length && text.length < pieceLength) {
      const event = this.#events[this.#index]
      if (event === undefined) break
      this.#index += 1
      const frame = this.#encode(event)
      if (typeof frame === 'string') {
        text += frame
      } else {
        if (text === '') return this.#cut(frame)
        this.#long = frame
        return text
      }
    }
    return text === '' ? null : text
  }

  #cut(frame: Uint8Array): Uint8Array {
    this.#long = frame.byteLength > pieceLength ? frame.subarray(pieceLength) : null
    return frame.subarray(0, pieceLength)
  }
}
