import type { Logger } from '@colloquy/session'
import type { Config } from '../config/settings.js'
import type { Environment } from '../main-options.js'

/** What of the configuration is about chats. */
export type ChatConfig = Pick<
  Config,
  'model' | 'modelBaseUrl' | 'system' | 'systemFile' | 'modelHistoryMessages' | 'modelHistoryTokens' | 'watch'
>

/** What chats are made with. */
export interface ChatParts {
  readonly config: ChatConfig
  /** Gets what programs say besides their answers. */
  readonly logger: Logger
  /** Where the keys of model providers are. */
  readonly env: Environment
  /** The folder from which packages are looked for that are not installed beside the command. */
  readonly cwd: string
}
