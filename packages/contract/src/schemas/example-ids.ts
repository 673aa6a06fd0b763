/** The ids that examples speak of. They are nobody's: what has one of them in its place gets a real one. */
export const exampleIds = {
  session: 'sess_0b9e41f3c2d84a6b9f3e1d7a5c8b2e40',
  turn: 'turn_5c2f9a7e1b3d4e68a0c4d9f7b2e61385',
  message: 'msg_7f3e0d5a9c1b4f2e8d6a4c0b9e7f5d31',
  userMessage: 'msg_2a4c6e8f0b1d3f5a7c9e1b3d5f7a9c0e',
  request: 'd6e83bec-174f-4be7-9563-02b2fc9aba18',
} as const

/** When the examples happened. */
export const exampleTime = '2026-01-01T12:00:00.000Z'
