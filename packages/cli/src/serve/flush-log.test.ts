import { Writable } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { tolerateOutputErrors } from '../output/tolerate-output-errors.js'
import { flushLog } from './flush-log.js'

const logger = { flush() {} }

describe('the last lines of a log', () => {
  it('are waited for', async () => {
    const written: string[] = []
    const output = new Writable({
      write(chunk, _encoding, done) {
        setImmediate(() => {
          written.push(String(chunk))
          done()
        })
      },
    })
    output.write('one')
    output.write('two')
    expect(written).toEqual([])
    await flushLog(logger, output)
    expect(written.slice(0, 2)).toEqual(['one', 'two'])
  })

  it('are not waited for when nobody takes them', async () => {
    const output = new Writable({ write() {} })
    output.write('one')
    await expect(flushLog(logger, output, 10)).resolves.toBeUndefined()
  })

  it('are given up when they can not be written', async () => {
    const output = new Writable({ write: (_chunk, _encoding, done) => done(new Error('write EIO')) })
    tolerateOutputErrors(output)
    output.write('one')
    await expect(flushLog(logger, output)).resolves.toBeUndefined()
    await expect(flushLog(logger, output)).resolves.toBeUndefined()
  })
})
