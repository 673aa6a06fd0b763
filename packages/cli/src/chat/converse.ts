import { createInterface } from 'node:readline/promises'
import type { Surroundings } from '../main-options.js'
import { dim, hasColours } from '../output/colours.js'
import { printable } from '../output/printable.js'
import { createAnswerPrinter } from './answer-printer.js'
import type { ServerConnection } from './connect.js'
import { explainChatError } from './explain-chat-error.js'

const help = [
  '/new   begin a new session',
  '/quit  leave; so does Ctrl-D, and Ctrl-C at the prompt',
  '/help  show this',
  'Ctrl-C in an answer stops reading it',
].join('\n')

/** Prompts for messages and prints the answers, in one session, until the user leaves. Returns the exit code. */
export async function converse(
  { client, url }: ServerConnection,
  firstSession: string | undefined,
  { stdin, stdout, stderr, env }: Surroundings,
): Promise<number> {
  let sessionId = firstSession
  let reading: AbortController | undefined
  const printer = createAnswerPrinter({ stdout, stderr, env, showsCalls: true })
  const tell = (text: string) => stderr.write(`${dim(text, hasColours(stderr, env))}\n`)

  async function answer(message: string): Promise<void> {
    reading = new AbortController()
    const { signal } = reading
    try {
      const request = sessionId === undefined ? { message } : { message, session_id: sessionId }
      const stream = client.streamChat(request, { signal })
      stream.sessionId.then(
        (id) => {
          sessionId = id
        },
        () => undefined, // reading the stream fails as well, and tells why
      )
      const fault = await printer.print(stream)
      if (fault !== undefined) stderr.write(`${fault}\n`)
    } catch (error) {
      printer.endLine()
      if (signal.aborted) return
      const message = explainChatError(error, url, { atPrompt: true })
      if (message === undefined) throw error
      stderr.write(`${message}\n`)
    } finally {
      reading = undefined
    }
  }

  try {
    const { chat } = await client.status()
    tell(`Talking to ${printable(chat.name)} at ${url}. /help tells more, Ctrl-D leaves.`)
  } catch (error) {
    const message = explainChatError(error, url)
    if (message === undefined) throw error
    stderr.write(`${message}\n`)
    return 1
  }

  const screen = stdout.isTTY ? stdout : stderr
  const lines = createInterface({
    input: stdin,
    output: screen,
    terminal: screen.isTTY === true,
    prompt: '> ',
  })
  lines.on('SIGINT', () => {
    if (reading === undefined) {
      lines.close()
    } else {
      reading.abort()
    }
  })
  let isOpen = true
  lines.once('close', () => {
    isOpen = false
    reading?.abort() // Ctrl-D, or the terminal has gone
  })
  stdout.once('error', () => lines.close())
  try {
    lines.prompt()
    for await (const line of lines) {
      const text = line.trim()
      if (text === '/quit') break
      if (text === '/help') tell(help)
      else if (text === '/new') {
        sessionId = undefined
        tell('A new session begins with the next message.')
      } else if (/^\/\w*$/.test(text)) tell(`There is no command ${printable(text)}.\n${help}`)
      else if (text !== '') await answer(line)
      if (isOpen) lines.prompt()
    }
    if (!isOpen) screen.write('\n') // so that what comes next is not behind the prompt
  } finally {
    lines.close()
  }
  return 0
}
