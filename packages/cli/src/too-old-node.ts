/** The oldest Node that this runs on, as in `engines` of package.json: the first that loads TypeScript as it is. */
const oldest = '22.18'

/** Says that a Node is older than it has to be; null when it is not. */
export function tooOldNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const [oldestMajor = 0, oldestMinor = 0] = oldest.split('.').map(Number)
  const isOldEnough = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor)
  return isOldEnough
    ? null
    : `colloquy needs Node ${oldest} or newer, and this is ${version}: https://nodejs.org/en/download`
}
