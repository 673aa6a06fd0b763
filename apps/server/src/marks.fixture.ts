import { randomUUID } from 'node:crypto'

/** Words that must not turn up again, each with where it was put. */
export class Marks {
  readonly #places = new Map<string, string>()

  /** A new one. */
  put(place: string): string {
    const mark = `mark${randomUUID().replaceAll('-', '')}`
    this.#places.set(mark, place)
    return mark
  }

  /** Where those were put that are in a text, however it spells letters. */
  foundIn(text: string): string[] {
    const lower = text.toLowerCase()
    return [...new Set([...this.#places].flatMap(([mark, place]) => (lower.includes(mark) ? [place] : [])))]
  }

  get count(): number {
    return this.#places.size
  }
}
