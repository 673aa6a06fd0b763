import { type Frame, readFrames } from './read-frames.ts'

/** What makes sure that a stream says these tokens, and tells where in its text each of them ends. */
export type CheckStream = (text: string) => readonly number[]

/**
 * Makes a check of streams that say the same: their first event is `turn.started`, then come the tokens, in order, then
 * `turn.completed` with all of them. The check throws an Error that says what is wrong.
 */
export function streamCheck(tokens: readonly string[]): CheckStream {
  const content = tokens.join('')
  // Where every token is an event of its own, those of all streams are the same text: comparing it costs a hundredth of
  // reading it, which would make the load as busy as the server (see docs/benchmarks.md).
  const usual = tokens.map(
    (text, n) => `id: ${n + 2}\nevent: text.delta\ndata: ${JSON.stringify({ text })}\n\n`,
  )
  const usualText = usual.join('')
  let length = 0
  const usualEnds = usual.map((frame) => (length += frame.length))
  return (text) => {
    const firstEnd = text.indexOf('\n\n') + 2
    if (!text.startsWith(usualText, firstEnd)) return endsOf(readFrames(text), tokens, content)
    const frames = readFrames(text.slice(0, firstEnd) + text.slice(firstEnd + usualText.length))
    checkEnds(frames, tokens.length + 2, content)
    if (frames.length !== 2) throw new Error(`${frames.length - 2} events too many.`)
    return usualEnds.map((end) => firstEnd + end)
  }
}

function endsOf(frames: readonly Frame[], tokens: readonly string[], content: string): number[] {
  const gap = frames.findIndex(({ id }, n) => id !== n + 1)
  if (gap !== -1) throw new Error(`Event ${frames[gap]?.id} stands where ${gap + 1} belongs.`)
  checkEnds(frames, frames.length, content)
  const ends: number[] = []
  let said = ''
  let due = 0
  for (const { type, data, end } of frames.slice(1, -1)) {
    if (type !== 'text.delta') throw new Error(`Nothing says ${type} here.`)
    said += String(data['text'])
    for (; due <= said.length && ends.length < tokens.length; ends.push(end)) {
      const next = due + (tokens[ends.length]?.length ?? 0)
      if (next > said.length) break
      due = next
    }
  }
  if (said !== content) throw new Error(`The stream says ${said.slice(0, 200)} and not what it should.`)
  return ends
}

/** Looks at the first and the last event. @param lastId the number of the last one */
function checkEnds(frames: readonly Frame[], lastId: number, content: string): void {
  const first = frames[0]
  const last = frames.at(-1)
  if (first?.id !== 1 || first.type !== 'turn.started') throw new Error(`It begins with ${first?.type}.`)
  if (last?.id !== lastId || last.type !== 'turn.completed') {
    throw new Error(
      `It ends with event ${last?.id}, ${last?.type}, and should with ${lastId}, turn.completed.`,
    )
  }
  for (const name of ['session_id', 'turn_id']) {
    const id = first.data[name]
    if (typeof id !== 'string' || id === '' || last.data[name] !== id)
      throw new Error(`It begins with the ${name} ${String(id)}, and ends with ${String(last.data[name])}.`)
  }
  if (last.data['content'] !== content) throw new Error('Its last event does not have the whole text.')
}
