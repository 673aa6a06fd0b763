/** `1 session`, `2 sessions`. */
export function countOf(sessions: number): string {
  return sessions === 1 ? '1 session' : `${sessions} sessions`
}
