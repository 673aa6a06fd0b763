import { Writable } from 'node:stream'

/** An output that keeps what is written to it. */
export class TextOutput extends Writable {
  readonly isTTY: boolean
  readonly columns: number = 110
  text = ''

  constructor({ isTTY = false } = {}) {
    super({ decodeStrings: false })
    this.isTTY = isTTY
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.text += String(chunk)
    this.emit('written')
    done()
  }

  /** Waits until the text is as wanted. */
  async until(isWanted: (text: string) => boolean): Promise<string> {
    while (!isWanted(this.text)) await new Promise((resolve) => this.once('written', resolve))
    return this.text
  }

  /** Waits for a line of the log, and reads it. */
  async logLine(isWanted: (line: Readonly<Record<string, unknown>>) => boolean) {
    const find = () => this.logLines().find(isWanted)
    await this.until(() => find() !== undefined)
    return find() ?? {}
  }

  /** The whole lines of the text that are JSON. */
  logLines(): Readonly<Record<string, unknown>>[] {
    return this.text
      .split('\n')
      .slice(0, -1)
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Record<string, unknown>)
  }
}
