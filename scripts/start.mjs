// `npm start`: builds what the server needs, then serves in this very process, so that a signal to npm reaches it.
import { turbo } from './turbo.mjs'

turbo('run', 'build', '--filter=@colloquy/server-app...', '--output-logs=errors-only', '--log-order=grouped')
await import('../apps/server/dist/main.js')
