import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root } from './read-workspace.ts'

/** A line of a Dockerfile, its continuations joined. */
export interface Instruction {
  /** In capitals: `RUN`. */
  readonly name: string
  readonly text: string
}

/** Reads the Dockerfile: its stages, each from its `FROM` on; what comes before the first is a stage of its own. */
export function readDockerfile(): Instruction[][] {
  const stages: Instruction[][] = [[]]
  for (const line of joinedLines(readFileSync(join(root, 'Dockerfile'), 'utf8'))) {
    const [, name = '', text = ''] = /^([A-Z]+) (.+)$/.exec(line) ?? []
    if (name === '') throw new Error(`This is no line of a Dockerfile: ${line}`)
    if (name === 'FROM') stages.push([])
    stages.at(-1)?.push({ name, text })
  }
  return stages
}

/** What all instructions of a name say. */
export function allOf(stage: readonly Instruction[] | undefined, name: string): string[] {
  return (stage ?? []).filter((line) => line.name === name).map(({ text }) => text)
}

/** What the one instruction of a name says. */
export function oneOf(stage: readonly Instruction[] | undefined, name: string): string {
  const [text, ...more] = allOf(stage, name)
  if (text === undefined || more.length > 0) throw new Error(`The Dockerfile has to have one ${name} there.`)
  return text
}

/** A command in its exec form, which is JSON: no shell stands between it and a signal. */
export function execForm(text: string): string[] {
  return JSON.parse(text.slice(text.indexOf('['))) as string[]
}

function joinedLines(text: string): string[] {
  return text
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n\s*/g, '')
    .split('\n')
    .filter((line) => line.trim() !== '')
}
