/** Says what it was told. */
export default function echo(message: string): string {
  return message
}
