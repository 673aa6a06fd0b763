import { IncomingMessage, type RequestListener, type ServerOptions, ServerResponse } from 'node:http'
import type { Express, Request, Response } from 'express'

/**
 * Classes of requests and responses with which an HTTP server makes what an app of express expects. express sets the
 * prototype of every request and response to its own, and an object whose prototype was changed is slow from then on
 * (V8 forgets its shape): these have the right one from the beginning, so that nothing is changed. The app is told of them,
 * so it is to be of one server, and in no other app.
 */
export function exchangeClasses(app: Express): Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'> {
  class AppRequest extends IncomingMessage {}
  class AppResponse extends ServerResponse {}
  Object.setPrototypeOf(AppRequest.prototype, app.request)
  Object.setPrototypeOf(AppResponse.prototype, app.response)
  Object.assign(app, { request: AppRequest.prototype, response: AppResponse.prototype })
  return { IncomingMessage: AppRequest, ServerResponse: AppResponse as typeof ServerResponse }
}

/** What hands requests to an app, which makes a last handler for each of them, unless it is given one. */
export function listenerOf(app: Express): RequestListener {
  // Its errors have all been answered, except when the answer could not be made.
  return (req, res) => app(req as Request, res as Response, () => res.destroy())
}
