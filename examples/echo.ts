// Answers every message with itself. Serve it: colloquy serve ./examples/echo.ts

export default function echo(message: string): string {
  return `You said: ${message}`
}
