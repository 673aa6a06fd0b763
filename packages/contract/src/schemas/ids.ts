import { z } from 'zod'
import { exampleIds } from './example-ids.js'

/** An opaque id with a prefix: of a session. */
export const sessionId = z.string().meta({
  description: 'The id of a session: `sess_` and an opaque text.',
  examples: [exampleIds.session],
})

/** An opaque id with a prefix: of a turn. */
export const turnId = z.string().meta({
  description: 'The id of a turn: `turn_` and an opaque text.',
  examples: [exampleIds.turn],
})

/** An opaque id with a prefix: of a message. */
export const messageId = z.string().meta({
  description: 'The id of a message: `msg_` and an opaque text.',
  examples: [exampleIds.message],
})
