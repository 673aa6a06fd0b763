import { freezeJson } from '../json.js'

/** Reads what was kept as JSON text: the value that was written, frozen, because several may be given it. */
export function readJson(text: string): unknown {
  return freezeJson<unknown>(JSON.parse(text))
}
