import { constants } from 'node:fs'
import { type FileHandle, open, readlink, realpath, stat } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, sep } from 'node:path'
import { notFound, RequestError } from './request-error.js'

/** @throws RequestError for a folder that is not inside of another one, after all links; or is not there */
export async function directoryInside(path: string, directory: string): Promise<string> {
  const place = await placeOf(path)
  if (!isInside(place, await placeOf(directory))) throw outside()
  return place
}

/**
 * Opens a file inside of a folder, also where somebody exchanges folders for links at the same time. Only where the system does not
 * tell what was opened, as Linux does, could somebody do that who is quick enough, twice.
 *
 * @param path absolute; the file need not be there when it is to be made, but its folder has to be
 * @param flags have to refuse a link
 * @throws RequestError for one that is not inside, after all links; is not there; or is no file
 */
export async function openInside(path: string, directory: string, flags: number): Promise<FileHandle> {
  const place = await fileOf(path)
  const root = await placeOf(directory)
  if (!isInside(place, root)) throw outside()
  const folder = await open(dirname(place), constants.O_RDONLY | (constants.O_DIRECTORY ?? 0)).catch(refuse)
  try {
    const door = `/proc/self/fd/${folder.fd}`
    const behind = await readlink(door).catch(() => undefined)
    if (behind === undefined) return await openOnly(place, flags, (handle) => checkPlace(handle, place, root))
    if (!isInside(behind, root)) throw outside()
    return await openOnly(join(door, basename(place)), flags)
  } finally {
    await folder.close()
  }
}

/** Opens a file, and closes it again, untouched, where it is no file, or a check throws. */
async function openOnly(
  path: string,
  flags: number,
  check: (handle: FileHandle) => Promise<void> = async () => {},
): Promise<FileHandle> {
  const handle = await open(path, flags).catch(refuse)
  try {
    await check(handle)
    if (!(await handle.stat()).isFile()) throw RequestError.invalidParams('the path is no file')
    return handle
  } catch (error) {
    await handle.close()
    return refuse(error)
  }
}

/** @throws RequestError when what was opened is not what is there now, inside of the folder */
async function checkPlace(handle: FileHandle, place: string, root: string): Promise<void> {
  const now = await realpath(place)
  const [opened, there] = await Promise.all([handle.stat(), stat(now)])
  if (!isInside(now, root) || opened.dev !== there.dev || opened.ino !== there.ino) throw outside()
}

/** Where a file is, after all links; for one that is not there, where it would be. */
async function fileOf(path: string): Promise<string> {
  const place = await placeOf(path).catch((error: unknown) => error)
  if (typeof place === 'string') return place
  if (!(place instanceof RequestError) || place.code !== notFound) throw place
  return join(await placeOf(dirname(path)), basename(path))
}

async function placeOf(path: string): Promise<string> {
  if (!isAbsolute(path)) throw RequestError.invalidParams('the path has to be absolute')
  return realpath(path).catch(refuse)
}

function isInside(place: string, root: string): boolean {
  const way = relative(root, place)
  return way !== '..' && !way.startsWith(`..${sep}`) && !isAbsolute(way)
}

/** Tells the agent what went wrong, by its code: the text of such an error names places. */
function refuse(error: unknown): never {
  if (error instanceof RequestError) throw error
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown error'
  if (code === 'ENOENT' || code === 'ENOTDIR') throw RequestError.resourceNotFound()
  throw RequestError.invalidParams(`the path can't be used: ${code}`)
}

function outside(): RequestError {
  return RequestError.invalidParams('the path is not inside of the folder that is allowed')
}
