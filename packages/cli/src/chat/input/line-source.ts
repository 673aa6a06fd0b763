import { createInterface } from 'node:readline'
import { leavingHint, type MessageSource, type SourceParts } from './message-source.js'
import { goesOn, isOpenBlock, messageIn } from './whole-message.js'

const prompt = '> '
const nextPrompt = '. '

/**
 * Messages in lines that the terminal itself lets be typed: for one that can't move its cursor. There, Ctrl-C is the signal
 * of the process.
 */
export function createLineSource({
  stdin,
  screen,
  process,
  interrupt,
  leave,
  note,
}: SourceParts): MessageSource {
  const lines = createInterface({ input: stdin, terminal: false })
  const waiting: string[] = []
  let asked: ((line: string | undefined) => void) | undefined
  let isOpen = true
  let isArmed = false
  let gathered = ''

  const answer = (line: string | undefined) => {
    const resolve = asked
    asked = undefined
    resolve?.(line)
  }
  const onInterrupt = () => {
    if (asked === undefined) interrupt()
    else if (isArmed) {
      screen.write('\n') // so that what comes next is not behind the prompt
      answer(undefined)
    } else {
      isArmed = true
      gathered = ''
      screen.write('\n')
      note(leavingHint)
      screen.write(prompt)
    }
  }
  const onTerminate = () => lines.close()
  lines.on('line', (line) => {
    if (asked === undefined) waiting.push(line)
    else answer(line)
  })
  lines.once('close', () => {
    isOpen = false
    if (asked === undefined) leave()
    else {
      screen.write('\n')
      answer(undefined)
    }
  })
  process?.on('SIGINT', onInterrupt)
  process?.on('SIGTERM', onTerminate)

  const nextLine = async (begin: string) => {
    screen.write(begin)
    const line = waiting.shift()
    if (line !== undefined) return line
    if (!isOpen) return undefined
    return new Promise<string | undefined>((resolve) => {
      asked = resolve
    })
  }
  return {
    async read(options = {}) {
      isArmed = options.isArmed ?? false
      gathered = ''
      if (isArmed) note(leavingHint)
      const { text = '' } = options
      if (text !== '') note('Enter alone sends it again.')
      for (let begin = prompt; ; begin = nextPrompt) {
        const line = await nextLine(begin)
        if (line === undefined) return undefined
        if (line === '' && begin === prompt && text !== '') return text
        isArmed = false
        const before = gathered
        gathered = `${before}${line}`
        if (goesOn(line)) gathered = `${gathered.slice(0, -1)}\n`
        else if (isOpenBlock(gathered)) gathered += '\n'
        else return messageIn(gathered)
      }
    },
    hasRecall: false,
    recall: () => undefined,
    writeAbove: (write) => write(),
    close() {
      process?.off('SIGINT', onInterrupt)
      process?.off('SIGTERM', onTerminate)
      lines.removeAllListeners()
      lines.close()
    },
  }
}
