import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'

/** Reads an answer in UTF-8 as it comes, and no faster than it is taken. A line end (LF or CR LF) at its very end is left out. */
export async function* answerText(stdout: Readable): AsyncGenerator<string, void, undefined> {
  const decoder = new StringDecoder('utf8')
  let kept = ''
  for await (const bytes of stdout) {
    const text = kept + decoder.write(bytes as Buffer)
    kept = /\r?\n$|\r$/.exec(text)?.[0] ?? ''
    if (text.length > kept.length) yield text.slice(0, text.length - kept.length)
  }
  const rest = kept + decoder.end()
  const text = rest.replace(/\r?\n$/, '')
  if (text !== '') yield text
}
