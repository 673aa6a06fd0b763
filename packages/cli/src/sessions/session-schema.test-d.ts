import type { JsonValue, SessionExport } from '@colloquy/session'
import { assertType, it } from 'vitest'
import type { z } from 'zod'
import type { sessionSchema } from './session-schema.js'

type DeepReadonly<Value> = JsonValue extends Value
  ? Value
  : Value extends object
    ? { readonly [Key in keyof Value]: DeepReadonly<Value[Key]> }
    : Value
type Checked = DeepReadonly<z.output<typeof sessionSchema>>

it('every session passes as a line of an export', () => {
  assertType<(session: SessionExport) => Checked>((session: SessionExport) => session)
})

it('what passes is a session; that a function returns one of two things is no type of the check', () => {
  type Rest = Omit<SessionExport, 'turns'>
  assertType<(checked: Omit<Checked, 'turns'>) => Rest>((checked: Omit<Checked, 'turns'>) => checked)
})
