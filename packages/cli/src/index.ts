export { main } from './main.js'
export type { MainOptions } from './main-options.js'
