/** A new project. */
export interface NewProject {
  /** The name of its package. */
  readonly name: string
  /** The range of versions by which it asks for a package. */
  readonly range: (packageName: string) => string
}

/** What `colloquy init` can write. */
export interface Template {
  /** What it is, in a few words. */
  readonly description: string
  /** The file that answers. */
  readonly bot: string
  /** The texts of its files, by their paths with `/`. */
  readonly files: (project: NewProject) => Readonly<Record<string, string>>
}
