export { type ColloquyBackendOptions, fromColloquy } from './from-colloquy.js'
export { fromHttp, type HttpBackendOptions } from './from-http.js'
