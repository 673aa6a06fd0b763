import { createRoutes, type Route } from '@colloquy/contract'
import { createSessionManager } from '@colloquy/session'
import { createMemoryStore } from '@colloquy/session/memory'
import { expect, it } from 'vitest'
import { createApp } from './index.js'
import { echo } from './server.fixture.js'

/** What express keeps of something that is mounted. */
interface Layer {
  readonly route?: { readonly path: string; readonly methods: Readonly<Record<string, boolean>> }
  readonly handle: { readonly stack?: readonly Layer[] }
  /** Whether it is mounted for every path. */
  readonly slash: boolean
}

/** Every route that is mounted, as method and path; of one for all methods, only those that it has besides. */
function routesOf(stack: readonly Layer[]): string[] {
  return stack.flatMap(({ route, handle, slash }) => {
    if (route === undefined)
      return slash ? routesOf(handle.stack ?? []) : ['something under a path of its own']
    const methods = Object.keys(route.methods).filter((method) => !['_all', 'options'].includes(method))
    return methods.map((method) => `${method} ${route.path.replaceAll(/:(\w+)/g, '{$1}')}`)
  })
}

it('an app mounts every route of the contract, and nothing that the contract does not list', () => {
  const chat = { name: 'echo', reply: echo as never }
  const app = createApp({ manager: createSessionManager({ store: createMemoryStore(), chat }) })
  const listed = Object.values<Route>(createRoutes()).map(({ method, path }) => `${method} ${path}`)
  const { stack } = app.router as unknown as { readonly stack: readonly Layer[] }
  expect(routesOf(stack).toSorted()).toEqual(listed.toSorted())
})
