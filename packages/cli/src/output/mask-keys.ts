/** Takes API keys out of a text to show: somebody may have put one where something else belongs. */
export function maskKeys(text: string): string {
  return text.replaceAll(/clq_[\w-]+/g, 'clq_***')
}
