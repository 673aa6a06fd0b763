export type { AcpFiles, AcpOptions, AcpPermissions, AcpTerminals } from './acp-options.js'
export { fromAcp } from './from-acp.js'
