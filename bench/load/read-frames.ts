/** A frame of an event stream. */
export interface Frame {
  readonly id: number
  readonly type: string
  readonly data: Readonly<Record<string, unknown>>
  /** Where it ends in the stream's text. */
  readonly end: number
}

/**
 * Reads the frames of an event stream as our contract has them: `id`, `event` and one line of `data`; before the first one
 * `retry`, and comments anywhere.
 *
 * @throws Error when something else is there, or the last frame is not whole
 */
export function readFrames(text: string): Frame[] {
  const frames: Frame[] = []
  for (let from = 0; from < text.length; ) {
    const end = text.indexOf('\n\n', from)
    if (end === -1) throw new Error(`A frame that is not whole: ${text.slice(from, from + 100)}`)
    const lines = text.slice(from, end).split('\n')
    const fields = lines.filter((line) => !line.startsWith(':') && !line.startsWith('retry: '))
    if (fields.length > 0) frames.push({ ...readFields(fields), end: end + 2 })
    from = end + 2
  }
  return frames
}

function readFields(lines: readonly string[]): Omit<Frame, 'end'> {
  const [id = '', event = '', data = ''] = lines
  if (
    lines.length !== 3 ||
    !/^id: \d+$/.test(id) ||
    !event.startsWith('event: ') ||
    !data.startsWith('data: ')
  ) {
    throw new Error(`This is no frame: ${lines.join('\\n').slice(0, 200)}`)
  }
  return {
    id: Number(id.slice(4)),
    type: event.slice(7),
    data: JSON.parse(data.slice(6)) as Frame['data'],
  }
}
