import { z } from 'zod'

/** The name of one of several chats of a server. */
export const chatName = z.string().meta({ description: 'The name of a chat.', examples: ['help'] })
