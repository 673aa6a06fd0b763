import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it, onTestFinished } from 'vitest'
import { documentationFiles } from './files.js'

it('a file that could not be read is read when it is asked for again, and then kept', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'colloquy-pages-'))
  onTestFinished(() => rm(folder, { recursive: true }))
  const path = join(folder, 'swagger-ui.css')
  const read = documentationFiles(pathToFileURL(`${folder}/`))
  await expect(read('swagger-ui.css')).rejects.toMatchObject({ code: 'ENOENT' })
  await mkdir(path)
  await expect(read('swagger-ui.css')).rejects.toMatchObject({ code: 'EISDIR' })
  await rm(path, { recursive: true })
  await writeFile(path, 'one')
  expect(String((await read('swagger-ui.css'))?.bytes)).toBe('one')
  await writeFile(path, 'two')
  expect(String((await read('swagger-ui.css'))?.bytes)).toBe('one')
})
