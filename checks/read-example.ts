/** A program in a README, and what it prints. */
export interface Example {
  readonly code: string
  readonly output: string
}

/** Every `ts` fence of a README that a `text` fence follows, with no other fence between them. */
export function readExamples(readme: string): Example[] {
  const fences = fencesOf(readme)
  return fences.flatMap((fence, index) => {
    const next = fences[index + 1]
    if (fence.language !== 'ts' || next?.language !== 'text') return []
    return [{ code: fence.content, output: next.content }]
  })
}

/**
 * The first `ts` fence of a README, and the `text` fence after it; undefined when there is no such pair. Between
 * them there may be words, but no other fence.
 */
export function readExample(readme: string): Example | undefined {
  const fences = fencesOf(readme)
  const index = fences.findIndex(({ language }) => language === 'ts')
  const [code, output] = index === -1 ? [] : fences.slice(index)
  if (code === undefined || output?.language !== 'text') return undefined
  return { code: code.content, output: output.content }
}

function fencesOf(readme: string) {
  return Array.from(readme.matchAll(/^```(\w*)[^\n]*\n(.*?)^```$/gms), ([, language = '', content = '']) => ({
    language,
    content,
  }))
}
