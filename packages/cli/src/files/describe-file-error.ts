/** Why a file could not be used, as a sentence. */
export function describeFileError(error: unknown, file: string): string {
  const { code = '', message } = error as NodeJS.ErrnoException
  switch (code) {
    case 'ENOENT':
    case 'ENOTDIR':
      return `There is no file ${file}.`
    case 'EISDIR':
      return `${file} is a directory.`
    case 'EACCES':
    case 'EPERM':
      return `This process may not use ${file}.`
    default:
      return `${file} can't be used: ${message}.`
  }
}
