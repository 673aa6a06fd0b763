import { Writable } from 'node:stream'
import { expect, it } from 'vitest'
import { outputError, tolerateOutputErrors } from './tolerate-output-errors.js'

const failing = (code: string) =>
  new Writable({
    write: (_chunk, _encoding, done) => done(Object.assign(new Error(`${code}: failed`), { code })),
  })

it.each(['EPIPE', 'EIO', 'ENOSPC'])(
  'an output that fails with %s drops what is written to it',
  async (code) => {
    const output = failing(code)
    tolerateOutputErrors(output)
    output.write('one\n')
    output.write('two\n')
    await new Promise(setImmediate)
    output.write('three\n')
    await new Promise(setImmediate)
    expect(outputError(output)).toMatchObject({ code })
  },
)

it('an output that takes everything has no error, and one listener however often it is asked for', async () => {
  const output = new Writable({ write: (_chunk, _encoding, done) => done() })
  tolerateOutputErrors(output)
  tolerateOutputErrors(output)
  output.write('one\n')
  await new Promise(setImmediate)
  expect(outputError(output)).toBeUndefined()
  expect(output.listenerCount('error')).toBe(1)
})
