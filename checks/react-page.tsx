import { createClient } from '@colloquy/client'
import { createChat } from '@colloquy/client/react'
import { StrictMode, version } from 'react'
import { createRoot, hydrateRoot } from 'react-dom/client'
import { App, Conversation, Switch } from './react-app.tsx'

// What `/`, `/shared`, `/switch` and `/rendered` of the test's site show; in strict mode, which mounts everything twice.
const root = document.getElementById('root')
if (root === null) throw new Error('The page has no root')
document.title = `React ${version}`
if (location.pathname === '/shared') {
  const chat = createChat(createClient({ baseUrl: '/' }), { on_busy: 'queue' })
  createRoot(root).render(
    <StrictMode>
      <Conversation chat={chat} />
      <Conversation chat={chat} />
    </StrictMode>,
  )
} else if (location.pathname === '/switch') {
  createRoot(root).render(
    <StrictMode>
      <Switch />
    </StrictMode>,
  )
} else {
  const app = (
    <StrictMode>
      <App chat={{ baseUrl: '/', maxRetries: 0 }} />
    </StrictMode>
  )
  if (location.pathname === '/rendered') hydrateRoot(root, app)
  else createRoot(root).render(app)
}
