import type { ToolCallContent, ToolCallUpdate } from '@agentclientprotocol/sdk'
import type { JsonValue } from '@colloquy/session'
import { boundedJson, boundedText, isBounded } from './within-bounds.js'

/** What a call has led to, as far as an update tells it; undefined where it tells nothing. */
export function resultOf({ rawOutput, content }: ToolCallUpdate): JsonValue | undefined {
  if (rawOutput !== undefined && rawOutput !== null) {
    if (typeof rawOutput === 'string') return boundedText(rawOutput)
    if (isBounded(rawOutput)) return boundedJson(rawOutput)
  }
  const text = textOf(content ?? [])
  if (text !== '') return boundedText(text)
  if (rawOutput !== undefined && rawOutput !== null) return boundedJson(rawOutput)
  const changed = (content ?? []).flatMap((part) => (part.type === 'diff' ? [part.path] : []))
  return changed.length === 0 ? undefined : boundedJson({ changed })
}

/** Why a call failed, from what it has led to. */
export function errorOf(result: JsonValue | undefined): string {
  if (result === undefined) return 'The agent does not say why the call failed.'
  return typeof result === 'string' ? result : JSON.stringify(result)
}

function textOf(content: readonly ToolCallContent[]): string {
  return content
    .flatMap((part) => (part.type === 'content' && part.content.type === 'text' ? [part.content.text] : []))
    .join('\n')
}
