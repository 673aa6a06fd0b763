/** What a command line runs, in a word to call it by: the name of its program, and nothing of its arguments and variables, which may hold secrets. */
export function nameOfCommand(line: string): string {
  const words = line.trim().split(/\s+/)
  const program = words.find((word) => !/^\w+=/.test(word) && word !== 'exec' && word !== 'env') ?? ''
  const [name = ''] = /[\w.@+-]+$/.exec(program.replaceAll(/["']/g, '').replace(/[;&|<>()].*$/, '')) ?? []
  return name === '' ? 'command' : name
}
