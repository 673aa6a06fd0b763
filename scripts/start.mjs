// `npm start`: builds what the server needs, then serves in this very process.
import { turbo } from './turbo.mjs'

turbo('run', 'build', '--filter=@colloquy/server-app...', '--output-logs=errors-only', '--log-order=grouped')

// npm hands a signal to the shell that it started this with, and that shell ends without handing it on. So a server
// whose shell is gone was told to stop.
const shell = process.ppid
const watch = setInterval(() => {
  if (process.ppid === shell) return
  clearInterval(watch) // a second signal would end the process at once
  process.kill(process.pid, 'SIGTERM')
}, 500).unref()

await import('../apps/server/dist/main.js')
