export type { ExecOptions } from './exec-options.js'
export { fromExec } from './from-exec.js'
export { fromProcess } from './from-process.js'
export type { ProcessOptions } from './process-options.js'
