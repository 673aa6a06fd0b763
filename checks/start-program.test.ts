import { expect, it } from 'vitest'
import { startProgram } from './start-program.ts'

const node = (code: string) => [process.execPath, '-e', code]
const isUp = (line: string) => line === 'up'

it.each(['log', 'error'])('a program is up when console.%s says so, and what it said is kept', async (to) => {
  const code = `console.${to}('one'); console.${to}('up'); setInterval(() => {}, 1_000)`
  const { said, close } = await startProgram(node(code), isUp)
  expect(said).toEqual(['one', 'up'])
  await close()
  await close()
})

it('a program that does not stop when it is told to is killed', async () => {
  const code = "process.on('SIGTERM', () => {}); console.log('up'); setInterval(() => {}, 1_000)"
  const { close } = await startProgram(node(code), isUp, { stopMs: 1 })
  await expect(close()).resolves.toBeUndefined()
})

it('a program that ends before it is up is an error that shows what it said', async () => {
  await expect(startProgram(node("console.log('no port')"), isUp)).rejects.toThrow(
    /ended\. It said:\nno port$/,
  )
})

it('a program that is not there is an error that names it', async () => {
  await expect(startProgram(['/nowhere/program'], isUp)).rejects.toThrow(
    /^\/nowhere\/program could not be started: .*ENOENT/,
  )
})
