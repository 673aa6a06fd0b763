/** One dispatched event of an event stream. */
export interface Frame {
  /** The `event` field; empty when there was none. */
  readonly event: string
  /** The `data` fields, joined by line feeds. */
  readonly data: string
  /** The last `id` field up to here, of this frame or of an earlier one. */
  readonly id: string
  /** The last `retry` field up to here, in milliseconds. */
  readonly retry: number | undefined
}

/**
 * Interprets an event stream (WHATWG HTML, section 9.2.6), for text in pieces of any size. What is left when the stream
 * ends is an incomplete event, which the specification discards. The byte order mark is the decoder's affair.
 *
 * @param maxLength bounds one event, in UTF-16 code units; beyond it what `tooLong` gives is thrown
 * @returns takes the next piece, and gives each frame that it completes
 */
export function eventStream(
  maxLength: number,
  tooLong: () => Error,
): (text: string) => Generator<Frame, void, undefined> {
  let unfinished = ''
  let endedInCr = false
  let event = ''
  let id = ''
  let retry: number | undefined
  let data: string | undefined
  const check = (line: string) => {
    if ((data ?? '').length + line.length > maxLength) throw tooLong()
    return line
  }
  return function* (text) {
    if (!text) return
    // A CR ends its line at once, so that no event waits for the next piece; the LF of a CRLF is dropped when it comes.
    const lines = text.slice(endedInCr && text.startsWith('\n') ? 1 : 0).split(/\r\n|\n|\r/)
    endedInCr = text.endsWith('\r')
    lines[0] = unfinished + lines[0]
    unfinished = lines.pop() ?? ''
    for (const line of lines) {
      const [name, value = ''] = check(line).split(/: ?(.*)/s)
      if (!line) {
        if (data !== undefined) yield { event, data, id, retry }
        event = ''
        data = undefined
      } else if (name === 'data') data = (data === undefined ? '' : `${data}\n`) + value
      else if (name === 'event') event = value
      else if (name === 'id' && !value.includes('\0')) id = value
      else if (name === 'retry' && /^\d+$/.test(value)) retry = +value
      // Other fields mean nothing, and a line that begins with a colon is a comment.
    }
    check(unfinished)
  }
}
