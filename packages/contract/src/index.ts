export { type AccessRules, checksHost, needsKey } from './access.js'
export { type ProblemKind, problemKind, problemTable } from './problem-table.js'
export { commonProblems, createRoutes, type Route, type RouteName, type Routes } from './routes.js'
export {
  chatHeaders,
  chatRequest,
  chatResponse,
  finishReason,
  type RequestLimits,
  usage,
} from './schemas/chat.js'
export { functionCall } from './schemas/function-call.js'
export { metadata, metadataChange } from './schemas/metadata.js'
export { listQuery } from './schemas/page.js'
export { problem, problemError, turnProblem } from './schemas/problem.js'
export { health, healthStatus, liveness, readiness, status } from './schemas/service.js'
export {
  createSessionRequest,
  listSessionsQuery,
  message,
  messagePage,
  session,
  sessionPage,
  sessionPath,
  updateSessionRequest,
} from './schemas/session.js'
export {
  cancelTurnRequest,
  turn,
  turnEventsHeaders,
  turnEventsQuery,
  turnPage,
  turnPath,
} from './schemas/turn.js'
export { turnEvent } from './schemas/turn-event.js'
export type * from './types.js'
