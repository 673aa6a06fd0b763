import type { Chat, UseChatOptions } from '@colloquy/client/react'
import { useChat } from '@colloquy/client/react'
import { useState } from 'react'

/** A chat as the simplest page has it, with a button for everything that it can do. */
export function App(props: { readonly chat: Chat | UseChatOptions }) {
  const [isMounted, setMounted] = useState(true)
  return (
    <>
      <button type="button" onClick={() => setMounted(!isMounted)}>
        mount
      </button>
      {isMounted && <Conversation {...props} />}
    </>
  )
}

/** Two chats, of which one is shown. */
export function Switch() {
  const [storageKey, setKey] = useState('one')
  return (
    <>
      {['one', 'two'].map((key) => (
        <button type="button" key={key} onClick={() => setKey(key)}>
          {key}
        </button>
      ))}
      <Conversation chat={{ baseUrl: '/', storageKey }} />
    </>
  )
}

export function Conversation({ chat }: { readonly chat: Chat | UseChatOptions }) {
  const { messages, status, error, send, stop, retry, reset } = useChat(chat)
  const [draft, setDraft] = useState('')
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault()
        void send(draft)
        setDraft('')
      }}
    >
      <ol>
        {messages.map(({ id, role, status, content, functionsCalled }) => (
          <li key={id}>
            {`${role} ${status}: ${content}`}
            {functionsCalled.map(({ call_id, name, result }) => (
              <i key={call_id}>{` [${name}: ${JSON.stringify(result) ?? '…'}]`}</i>
            ))}
          </li>
        ))}
      </ol>
      <output>{error ? `${status}: ${error.message}` : status}</output>
      <input name="message" value={draft} onChange={({ target }) => setDraft(target.value)} />
      <button type="submit">send</button>
      <button type="button" onClick={() => void stop()}>
        stop
      </button>
      <button type="button" onClick={() => void retry()}>
        retry
      </button>
      <button type="button" onClick={reset}>
        reset
      </button>
    </form>
  )
}
