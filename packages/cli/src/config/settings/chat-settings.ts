import type { SettingGroup } from '../setting.js'

/** What answers, besides what is named as the chat. */
export const chatSettings = {
  model: {
    kind: 'model',
    example: 'openai/gpt-5-mini',
    description:
      'language model that answers: openai/<id>, anthropic/<id>, google/<id>, ollama/<id> or openai-compatible/<id>; the ' +
      'built-in assistant gives it its functions, unless --system says what it is',
  },
  modelBaseUrl: {
    kind: 'url',
    example: 'http://localhost:11434/v1',
    description:
      "where the model's provider is, when it is neither the usual place (for ollama/<id>, http://localhost:11434/v1) nor what " +
      'OPENAI_BASE_URL or ANTHROPIC_BASE_URL says; openai-compatible/<id> needs it',
  },
  system: {
    kind: 'text',
    secret: true,
    example: 'You are a patient teacher.',
    description: 'what a model is told before every conversation',
  },
  systemFile: {
    kind: 'file',
    example: 'system.md',
    description: 'file with what a model is told before every conversation',
  },
  modelHistoryMessages: {
    kind: 'number',
    min: 0,
    max: 10_000,
    default: 100,
    description: 'how many of the latest messages a model is given, at most',
  },
  modelHistoryTokens: {
    kind: 'number',
    min: 1,
    max: 10_000_000,
    default: 32_000,
    description: 'how many tokens of history a model is given, at most and roughly',
  },
  watch: {
    kind: 'switch',
    default: false,
    description: 'load a module anew when it changes, or what it imports; sessions and running turns stay',
  },
} as const satisfies SettingGroup
