import { type TurnEvent, turnEvent } from '@colloquy/contract'

/** The frames of an event stream, as they came. */
export const framesOf = (text: string): string[] => text.split('\n\n').filter((frame) => frame !== '')

/** The events of a stream, each held to the contract. */
export function eventsOf(text: string): TurnEvent[] {
  return framesOf(text).flatMap((frame) => {
    const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(frame)?.[1]
    const data = field('data')
    if (data === undefined) return []
    return [
      turnEvent.parse({ seq: Number(field('id')), type: field('event'), data: JSON.parse(data) as unknown }),
    ]
  })
}

/** The events of a stream in short: their numbers, their types, and what is particular to them. */
export function shortly(text: string): string[] {
  return eventsOf(text).map((event) => {
    const { seq, type, data } = event
    if (type === 'text.delta') return `${seq} ${data.text}`
    if (type === 'turn.queued') return `${seq} ${type} ${data.position}`
    if (type === 'turn.cancelled' || type === 'turn.interrupted') return `${seq} ${type} ${data.reason}`
    return `${seq} ${type}`
  })
}

/** A stream that is read as it comes. */
export interface OpenStream {
  readonly response: Response
  /** Reads until this text has come, and returns all that has. */
  until(text: string): Promise<string>
  /** Reads to the end, and returns all that has come. */
  rest(): Promise<string>
}

/** Reads a stream as it comes. */
export function reading(response: Response): OpenStream {
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader()
  let received = ''
  async function read(isEnough: () => boolean): Promise<string> {
    while (!isEnough()) {
      const part = await reader?.read()
      if (part === undefined || part.done) return received
      received += part.value
    }
    return received
  }
  return {
    response,
    until: async (text) => {
      await read(() => received.includes(text))
      if (!received.includes(text))
        throw new Error(`The stream ended without ${text}: ${JSON.stringify(received)}`)
      return received
    },
    rest: () => read(() => false),
  }
}
