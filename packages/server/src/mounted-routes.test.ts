import { createRoutes, type Route } from '@colloquy/contract'
import { expect, it } from 'vitest'
import { createApp } from './index.js'
import { echo, startServer } from './server.fixture.js'

/** What express keeps of something that is mounted. */
interface Layer {
  readonly route?: { readonly path: string }
  /** Whether it is mounted for every path. */
  readonly slash: boolean
}

it('an app mounts every route of the contract, and nothing that the contract does not list', async () => {
  const { manager, url } = await startServer(echo)
  const { stack } = createApp({ manager }).router as unknown as { readonly stack: readonly Layer[] }
  const paths = stack.flatMap(({ route, slash }) => {
    if (route === undefined) return slash ? [] : ['something under a path of its own']
    return [route.path.replaceAll(/:(\w+)/g, '{$1}')]
  })
  const listed = Map.groupBy(Object.values<Route>(createRoutes()), ({ path }) => path)
  expect(paths.toSorted()).toEqual([...listed.keys()].toSorted())
  for (const [path, routes] of listed) {
    const allow = (await fetch(url + path, { method: 'OPTIONS' })).headers.get('allow')
    const methods = routes.map(({ method }) => method.toUpperCase())
    const all = methods.includes('GET') ? [...methods, 'HEAD', 'OPTIONS'] : [...methods, 'OPTIONS']
    expect(allow?.split(', ').toSorted()).toEqual(all.toSorted())
  }
})
