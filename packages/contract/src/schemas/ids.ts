import { z } from 'zod'

/** An opaque id with a prefix: of a session. */
export const sessionId = z.string().meta({
  description: 'The id of a session: `sess_` and an opaque text.',
  examples: ['sess_0b9e41f3c2d84a6b9f3e1d7a5c8b2e40'],
})

/** An opaque id with a prefix: of a turn. */
export const turnId = z.string().meta({
  description: 'The id of a turn: `turn_` and an opaque text.',
  examples: ['turn_5c2f9a7e1b3d4e68a0c4d9f7b2e61385'],
})

/** An opaque id with a prefix: of a message. */
export const messageId = z.string().meta({
  description: 'The id of a message: `msg_` and an opaque text.',
  examples: ['msg_7f3e0d5a9c1b4f2e8d6a4c0b9e7f5d31'],
})
