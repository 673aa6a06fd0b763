export { type ConfigExport, type ConfigFile, defineConfig } from './config/define-config.js'
export { main } from './main.js'
export type { MainOptions } from './main-options.js'
