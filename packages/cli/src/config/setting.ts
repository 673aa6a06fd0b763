interface Described {
  /** What it means, as a line of the help. */
  readonly description: string
  /** Whether it has a flag, whose value other users of the machine can read. Default: yes. */
  readonly flag?: boolean
  /** Whether its value is shown to nobody. Default: no. */
  readonly secret?: boolean
}

/** A setting that is a host name or address. */
export interface HostSetting extends Described {
  readonly kind: 'host'
  readonly default: string
}

/** A setting that is a number, both ends of its range included. */
export interface NumberSetting extends Described {
  readonly kind: 'number'
  /** What it counts. Default: nothing that has a name. */
  readonly unit?: 'seconds' | 'bytes'
  /** Whether it may have a fraction. Default: no. */
  readonly fraction?: true
  readonly min: number
  readonly max: number
  /** null: there is none, unless one is given. */
  readonly default: number | null
  /** A right value. Default: the default. */
  readonly example?: string
}

/** A setting that is one of a few words. */
export interface ChoiceSetting extends Described {
  readonly kind: 'choice'
  /** What the help calls the value. */
  readonly value: string
  readonly choices: readonly string[]
  readonly default: string
}

/** A setting that is a list; left out, it is empty. */
export interface ListSetting extends Described {
  readonly kind: 'hosts' | 'origins' | 'apiKeys'
  /** A right value. */
  readonly example: string
}

/** A setting that is a number of proxies or a list of their addresses; left out, no proxy is believed. */
export interface ProxiesSetting extends Described {
  readonly kind: 'proxies'
  /** A right value. */
  readonly example: string
}

/** A setting that is the path of a file; left out, there is none. */
export interface FileSetting extends Described {
  readonly kind: 'file'
  /** A right value. */
  readonly example: string
}

/** A setting that is the path of a folder; left out, there is none. */
export interface FolderSetting extends Described {
  readonly kind: 'folder'
  /** A right value. */
  readonly example: string
}

/** A setting that is a store: `memory`, or `sqlite:` and the path of a file. */
export interface StoreSetting extends Described {
  readonly kind: 'store'
  readonly default: string
  /** A right value. */
  readonly example: string
}

/** A setting that is a text; left out, there is none. */
export interface TextSetting extends Described {
  readonly kind: 'text' | 'url' | 'model'
  /** A right value. */
  readonly example: string
}

/** A setting that is on or off. */
export interface SwitchSetting extends Described {
  readonly kind: 'switch'
  readonly default: boolean | 'on a terminal'
}

/** A setting of `colloquy serve`. */
export type Setting =
  | HostSetting
  | ListSetting
  | ProxiesSetting
  | FileSetting
  | FolderSetting
  | StoreSetting
  | NumberSetting
  | ChoiceSetting
  | SwitchSetting
  | TextSetting

/** The settings of one kind of concern, by their names. */
export type SettingGroup = Readonly<Record<string, Setting>>

/** The longest time-out, in seconds. A timer of more than 24.8 days would fire at once. */
export const longestTimeout = 86_400
