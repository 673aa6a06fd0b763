import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** How lines are read. */
export interface ReadLinesOptions {
  /** The longest line, in characters (UTF-16 code units). */
  readonly longest: number
  /** Is told each line, without its end (LF, or CR LF); one that is too long only as far as it may be. */
  readonly onLine: (line: string, isCut: boolean) => void
  /** Is told that there are no more. */
  readonly onEnd?: () => void
}

/** Reads UTF-8 text line by line, with no more of it in memory than one line may be long. The last line needs no end. */
export function readLines(stream: Readable, { longest, onLine, onEnd }: ReadLinesOptions): void {
  const decoder = new StringDecoder('utf8')
  let line = ''
  let isCut = false
  const end = () => {
    const text = line.endsWith('\r') ? line.slice(0, -1) : line
    const wasCut = isCut
    line = ''
    isCut = false
    onLine(text, wasCut)
  }
  const take = (text: string) => {
    let from = 0
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', from)) {
      add(text.slice(from, at))
      end()
      from = at + 1
    }
    add(text.slice(from))
  }
  const add = (text: string) => {
    const room = longest - line.length
    if (text.length > room) isCut = true
    line += text.slice(0, Math.max(0, room))
  }
  stream.on('data', (bytes: Buffer) => take(decoder.write(bytes)))
  stream.on('end', () => {
    take(decoder.end())
    if (line !== '' || isCut) end()
    onEnd?.()
  })
}
