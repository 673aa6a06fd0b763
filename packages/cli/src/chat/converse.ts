import { createInterface } from 'node:readline/promises'
import type { TurnStream } from '@colloquy/client'
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
  'Ctrl-C in an answer stops it; once more, and it is read no further',
].join('\n')

/** Prompts for messages and prints the answers, in one session, until the user leaves. Returns the exit code. */
export async function converse(
  { client, url }: ServerConnection,
  firstSession: string | undefined,
  { stdin, stdout, stderr, env }: Surroundings,
): Promise<number> {
  let sessionId = firstSession
  let answering: Answering | undefined
  const printer = createAnswerPrinter({ stdout, stderr, env, showsCalls: true })
  const tell = (text: string) => stderr.write(`${dim(text, hasColours(stderr, env))}\n`)

  async function answer(message: string): Promise<void> {
    const request = sessionId === undefined ? { message } : { message, session_id: sessionId }
    const reader = new AbortController()
    const { signal } = reader
    const stream = client.stream(request, { signal })
    answering = { stream, reader, isStopping: false }
    stream.sessionId.then(
      (id) => {
        sessionId = id
      },
      () => undefined, // reading the stream fails as well, and tells why
    )
    try {
      const fault = await printer.print(stream)
      if (fault !== undefined) stderr.write(`${fault}\n`)
    } catch (error) {
      printer.endLine()
      if (signal.aborted) return
      const message = explainChatError(error, url, { atPrompt: true })
      if (message === undefined) throw error
      stderr.write(`${message}\n`)
    } finally {
      answering = undefined
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
    if (answering === undefined) lines.close()
    else void stopAnswer(answering)
  })
  let isOpen = true
  lines.once('close', () => {
    isOpen = false
    answering?.reader.abort() // Ctrl-D, or the terminal has gone
  })
  const leave = () => lines.close()
  stdout.once('error', leave)
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
    stdout.off('error', leave)
    lines.close()
  }
  return 0
}

/** How long the server may take to take note that an answer is to stop, in milliseconds. */
const cancelMs = 5_000

/** An answer that is being read. */
interface Answering {
  readonly stream: TurnStream
  readonly reader: AbortController
  isStopping: boolean
}

/**
 * Asks the server to stop an answer, whose last event then says that it has. Where it can't be asked, or is asked once
 * more, the answer is read no further.
 */
async function stopAnswer(answering: Answering): Promise<void> {
  const { stream, reader, isStopping } = answering
  if (isStopping) return reader.abort()
  answering.isStopping = true
  try {
    await stream.cancel({ timeout: cancelMs })
  } catch {
    reader.abort()
  }
}
