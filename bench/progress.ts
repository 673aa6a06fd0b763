/** Where people are told. */
export interface Progress {
  readonly tell: (text: string) => void
  readonly clear: () => void
}

/** Tells people what is being done, in one line that is written over; programs are told nothing. */
export function createProgress(stream: NodeJS.WriteStream): Progress {
  const isShown = stream.isTTY
  return {
    tell(text) {
      if (isShown) stream.write(`\r\u001b[K${text.slice(0, stream.columns - 1)}`)
    },
    clear() {
      if (isShown) stream.write('\r\u001b[K')
    },
  }
}
