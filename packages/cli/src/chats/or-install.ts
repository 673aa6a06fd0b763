import { failure } from '../command-error.js'

/**
 * Imports what needs a package that may not be there.
 *
 * @throws CommandError when it is not, with what to do
 */
export async function orInstall<Module>(load: () => Promise<Module>, name: string): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${name}'`)) throw error
    throw failure(`This needs the package ${name}. Install it beside colloquy: npm install ${name}`, error)
  }
}
