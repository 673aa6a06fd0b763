/** What answers, as it is named on the command line and in a configuration file. */
export type ChatSpec =
  /** The built-in one. */
  | { readonly kind: 'assistant' }
  /** A module, or a program that speaks the protocol of `docs/process-protocol.md`, by the path of its file. */
  | { readonly kind: 'file'; readonly path: string }
  /** Such a program, by the command line that starts it. */
  | { readonly kind: 'process'; readonly command: string }
  /** A filter: it gets a message on stdin, and answers on stdout. */
  | { readonly kind: 'exec'; readonly command: string }
  /** An agent that speaks the Agent Client Protocol, by the command line that starts it. */
  | { readonly kind: 'acp'; readonly command: string }
  /** A language model: its provider, a slash, and its id. */
  | { readonly kind: 'model'; readonly id: string }
  /** A service that takes messages by HTTP. */
  | { readonly kind: 'http'; readonly url: string }
  /** Another Colloquy server. */
  | { readonly kind: 'colloquy'; readonly url: string }

/** What may stand for a chat, to tell people. */
export const chatSpecForms =
  'the path of a module (./bot.ts) or program (./bot.py), model:<provider>/<id>, exec:<command>, process:<command>, ' +
  'acp:<command>, http://…, https://…, colloquy:http://… or assistant'

/** Reads what stands for a chat; null when it is nothing that could. */
export function readChatSpec(text: string): ChatSpec | null {
  const trimmed = text.trim()
  if (trimmed === '') return null
  if (trimmed === 'assistant') return { kind: 'assistant' }
  if (/^https?:\/\//i.test(trimmed)) return isUrl(trimmed) ? { kind: 'http', url: trimmed } : null
  const [, kind = '', rest = ''] = /^(model|process|exec|acp|colloquy):(.*)$/s.exec(trimmed) ?? []
  const given = rest.trim()
  switch (kind) {
    case 'model':
      return isModelId(given) ? { kind, id: given } : null
    case 'process':
    case 'exec':
    case 'acp':
      return given === '' ? null : { kind, command: given }
    case 'colloquy':
      return isBaseUrl(given) ? { kind, url: given } : null
    default:
      return { kind: 'file', path: trimmed }
  }
}

/** Whether a text has the form of a model's id: a provider, a slash, and the provider's own id, which may have more of them. */
export function isModelId(text: string): boolean {
  return /^[^/\s]+\/\S+$/.test(text)
}

const providers: ReadonlySet<string> = new Set([
  'openai',
  'anthropic',
  'google',
  'ollama',
  'openai-compatible',
])

/** Whether a word is the provider of a model. */
export function isProvider(word: string): boolean {
  return providers.has(word)
}

/** Whether a text can be the beginning of other URLs: it has no query either. */
export function isBaseUrl(text: string): boolean {
  return isUrl(text) && !text.includes('?')
}

/** Whether a text is a URL of http or https that holds no secret and names no part of a page. */
export function isUrl(text: string): boolean {
  const url = URL.parse(text)
  return url !== null && /^https?:$/.test(url.protocol) && url.username + url.password + url.hash === ''
}
