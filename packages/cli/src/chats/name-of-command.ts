/**
 * What a command line is called: the name of its program, and nothing of its arguments and variables, which may hold secrets.
 * Where it is more than a program and plain words, which word is the program is for a shell to tell, and it is `command`.
 */
export function nameOfCommand(line: string): string {
  const [, program = ''] = /^\s*([\w./@+-]+)(?:\s|$)/.exec(line) ?? []
  const isPlain = !/[=$`"'\\]/.test(line)
  return (isPlain && program.split('/').at(-1)) || 'command'
}
