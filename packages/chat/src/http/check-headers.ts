/**
 * Checks that headers can be sent. Nothing about a value is told: `Headers` itself would repeat it.
 *
 * @throws TypeError
 */
export function checkHeaders(headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) {
    try {
      new Headers().set(name, value)
    } catch {
      const shown = /^[\w-]{1,64}$/.test(name) ? `The header ${name}` : 'A header'
      throw new TypeError(`${shown} can't be sent: its name, or its value, is none that HTTP has.`)
    }
  }
}
