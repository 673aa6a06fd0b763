/** A word of the shell, as far as it can be told without running it: plain characters, and quotes. */
const word = /\s*((?:[^\s'"\\`$;|&<>(){}]|'[^']*'|"[^"\\`$]*"|\\.)+)(?=[\s;|&<>()]|$)/y

/** One that sets a variable, with a value that may be anything. */
const assignment =
  /\s*[A-Za-z_]\w*\+?=(?:[^\s'"\\`$;|&<>(){}]|'[^']*'|"[^"\\`$]*"|\\.|\$\w+|\$\{\w+\})*(?=\s)/y

/**
 * What a command line is called: the program of its first command, without its folder. What stands before that may be a secret
 * (`API_TOKEN=… my-bot`), and so may be all that can't be told apart for sure: that is called `command`.
 */
export function commandName(command: string): string {
  let at = 0
  for (let end = endOf(assignment, command, at); end !== undefined; end = endOf(assignment, command, at))
    at = end
  word.lastIndex = at
  const first = word.exec(command)?.[1]?.replace(/['"\\]/g, '') ?? ''
  if (first.includes('=')) return 'command'
  const name = first.split('/').at(-1) ?? ''
  return /^[\w.+@-]{1,64}$/.test(name) ? name : 'command'
}

function endOf(pattern: RegExp, text: string, from: number): number | undefined {
  pattern.lastIndex = from
  return pattern.test(text) ? pattern.lastIndex : undefined
}
