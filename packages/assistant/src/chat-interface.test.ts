import { testChatInterface } from '@colloquy/session/testing'
import { describe, it } from 'vitest'
import { createAssistant } from './index.js'

testChatInterface({ describe, it }, 'the product assistant', () => createAssistant(), {
  message: 'Show me chairs under 150',
  longMessage: 'Show me chairs under 150',
  callingMessage: 'Show me chairs under 150',
})
