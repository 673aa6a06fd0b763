import type { ChatFlags } from '../commands/chat.js'
import type { DoctorFlags } from '../commands/doctor.js'
import type { HealthFlags } from '../commands/health.js'
import type { KeysCreateFlags } from '../commands/keys-create.js'
import type { KeysListFlags } from '../commands/keys-list.js'
import type { KeysRevokeFlags } from '../commands/keys-revoke.js'
import type { OpenapiFlags } from '../commands/openapi.js'
import type { SessionsCheckFlags } from '../commands/sessions-check.js'
import type { SessionsDeleteFlags } from '../commands/sessions-delete.js'
import type { SessionsDeleteAtServerFlags } from '../commands/sessions-delete-at-server.js'
import type { SessionsExportFlags } from '../commands/sessions-export.js'
import type { SessionsImportFlags } from '../commands/sessions-import.js'
import type { SessionsListFlags } from '../commands/sessions-list.js'
import type { SessionsMessagesFlags } from '../commands/sessions-messages.js'
import type { SessionsShowFlags } from '../commands/sessions-show.js'
import type { StatusFlags } from '../commands/status.js'
import type { Flags } from '../config/read-config.js'
import type { Output } from '../main-options.js'
import type { Init } from './add-init.js'

/** What the commands do, and where the program writes. */
export interface ProgramParts {
  readonly serve: (chat: string | undefined, flags: Flags) => Promise<void>
  readonly chat: (words: readonly string[], flags: ChatFlags) => Promise<void>
  readonly completion: (shell: string) => Promise<void>
  readonly config: (chat: string | undefined, flags: Flags & { readonly json: boolean }) => Promise<void>
  readonly doctor: (chat: string | undefined, flags: DoctorFlags) => Promise<void>
  readonly init: Init
  readonly keys: {
    readonly create: (name: string, flags: KeysCreateFlags) => Promise<void>
    readonly list: (flags: KeysListFlags) => Promise<void>
    readonly revoke: (name: string, flags: KeysRevokeFlags) => Promise<void>
  }
  readonly sessions: {
    readonly export: (flags: SessionsExportFlags) => Promise<void>
    readonly import: (file: string, flags: SessionsImportFlags) => Promise<void>
    readonly delete: (
      ids: readonly string[],
      flags: SessionsDeleteFlags & SessionsDeleteAtServerFlags,
    ) => Promise<void>
    readonly check: (flags: SessionsCheckFlags) => Promise<void>
    readonly list: (flags: SessionsListFlags) => Promise<void>
    readonly show: (id: string, flags: SessionsShowFlags) => Promise<void>
    readonly messages: (id: string, flags: SessionsMessagesFlags) => Promise<void>
  }
  readonly status: (flags: StatusFlags) => Promise<void>
  readonly health: (flags: HealthFlags) => Promise<void>
  readonly openapi: (flags: OpenapiFlags) => Promise<void>
  readonly stdout: Output
  readonly stderr: Output
}
