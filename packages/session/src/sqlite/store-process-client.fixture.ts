import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { onTestFinished } from 'vitest'

const program = fileURLToPath(new URL('store-process.fixture.ts', import.meta.url))

/** Lets the process run the sources as they are: Node takes the types away, but does not look for `a.ts` where `a.js` is named. */
const findSources = `
import { registerHooks } from 'node:module'
registerHooks({
  resolve(specifier, context, next) {
    return next(specifier.startsWith('.') ? specifier.replace(/\\.js$/, '.ts') : specifier, context)
  },
})`

/** A process of its own that has a store. */
export class StoreProcess {
  readonly #process: ChildProcess
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #calls = 0

  constructor(path: string) {
    const hooks = `data:text/javascript,${encodeURIComponent(findSources)}`
    const execArgv = ['--no-warnings', '--import', hooks]
    this.#process = fork(program, [path], { execArgv, serialization: 'advanced' })
    this.#process.on('message', (message: { id: number; result?: unknown; error?: string }) => {
      const waiting = this.#waiting.get(message.id)
      if (message.error === undefined) waiting?.resolve(message.result)
      else waiting?.reject(new Error(message.error))
    })
    this.#process.on('exit', () => {
      for (const { reject } of this.#waiting.values()) reject(new Error('The process is gone.'))
    })
    onTestFinished(() => this.kill())
  }

  /** Calls a method of the store. */
  call(call: string, ...args: readonly unknown[]): Promise<unknown> {
    const waiting = Promise.withResolvers<unknown>()
    this.#calls += 1
    this.#waiting.set(this.#calls, waiting)
    waiting.promise.catch(() => {}) // a killed process leaves calls behind
    this.#process.send({ id: this.#calls, call, args })
    return waiting.promise
  }

  /** Kills it, as nothing can be prepared for. */
  async kill(): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const exited = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await exited
  }
}
