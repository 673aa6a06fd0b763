import { expect, it } from 'vitest'
import { TextOutput } from '../text-output.fixture.js'
import { storeFolder } from './store-file.fixture.js'
import type { StoreFile } from './with-store.js'
import { withStoreFile } from './with-store-file.js'

/** Does something with a store that can't be closed afterwards. */
async function withStuckStore(act: () => Promise<string>) {
  const { cwd, path } = await storeFolder({})
  const stderr = new TextOutput()
  const surroundings = { env: {}, stdin: process.stdin, stdout: new TextOutput(), stderr, cwd }
  const doing = withStoreFile({ dataDir: 'data' }, surroundings, async ({ store }: StoreFile) => {
    const close = store.close.bind(store)
    store.close = () => close().then(() => Promise.reject(new Error('disk full')))
    return act()
  })
  return { path, stderr, doing }
}

it('what went wrong with a store is told, and also that it could not be closed then', async () => {
  const { doing, stderr } = await withStuckStore(() => Promise.reject(new Error('the first')))
  await expect(doing).rejects.toThrow('the first')
  expect(stderr.text).toBe('The store could not be closed: disk full\n')
})

it('a store that can not be closed is a failure by itself', async () => {
  const { doing, stderr } = await withStuckStore(async () => 'done')
  await expect(doing).rejects.toThrow('disk full')
  expect(stderr.text).toBe('')
})
