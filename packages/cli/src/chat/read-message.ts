import type { Input } from '../main-options.js'

/** Reads a whole input as one message, without the line end that `echo` puts behind it. */
export async function readMessage(input: Input): Promise<string> {
  input.setEncoding('utf8')
  let text = ''
  for await (const piece of input) text += String(piece)
  return text.replace(/\r?\n$/, '')
}
