export type {
  ModelAnswer,
  ModelBreak,
  ModelCall,
  ModelFailure,
  ModelFailureName,
  ModelScript,
  RawAnswer,
  SpokenAnswer,
} from './model-answer.js'
export {
  lastUserText,
  type ModelRequest,
  type ModelRequestBody,
  type ModelRequestMessage,
  type ModelResponseEnd,
} from './model-request.js'
export { type ModelServer, type ModelServerOptions, startModelServer } from './start-model-server.js'
