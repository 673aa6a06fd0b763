// It is imported as a whole file, and when it is wanted: a bundler gives a CommonJS package no names where that is imported late.
import { stringify } from 'yaml'

/** A value as YAML, with everything written out where it stands. */
export function yamlText(value: unknown): string {
  return stringify(value, { aliasDuplicateObjects: false })
}
