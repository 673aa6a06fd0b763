import { functionTemplate } from './function-template.js'
import { modelTemplate } from './model-template.js'
import { processTemplate } from './process-template.js'
import type { Template } from './template.js'

/** The templates, by their names. */
export const templates = {
  function: functionTemplate,
  model: modelTemplate,
  process: processTemplate,
} as const satisfies Readonly<Record<string, Template>>

/** The name of a template. */
export type TemplateName = keyof typeof templates

/** The names, in their order. */
export const templateNames = Object.keys(templates) as readonly TemplateName[]

/** Whether there is a template of this name. */
export function isTemplateName(name: string): name is TemplateName {
  return Object.hasOwn(templates, name)
}
