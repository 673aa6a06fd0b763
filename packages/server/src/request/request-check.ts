import type { Request, Response } from 'express'

/**
 * Looks at a request before it is read, and throws when it has to be refused.
 *
 * @throws ServerError
 */
export type RequestCheck = (req: Request, res: Response) => void | Promise<void>
