import { expectTypeOf, test } from 'vitest'
import type { Client, FunctionCall, TurnEvent } from '../index.js'
import {
  type Chat,
  type ChatMessage,
  type ChatState,
  type ChatStatus,
  createChat,
  type UseChatOptions,
  useChat,
} from './index.js'

declare const client: Client

test('a component has the messages and what can be done', () => {
  const use = () => useChat({ baseUrl: '/' })
  type Used = ReturnType<typeof use>
  expectTypeOf<Used>().toExtend<ChatState>()
  expectTypeOf<Used['status']>().toEqualTypeOf<ChatStatus>()
  expectTypeOf<Used['messages']>().toEqualTypeOf<readonly ChatMessage[]>()
  expectTypeOf<Used['messages'][number]['functionsCalled']>().toEqualTypeOf<readonly FunctionCall[]>()
  expectTypeOf<Used['send']>().parameter(0).toExtend<string | { readonly message: string }>()
  expectTypeOf<Used['send']>().returns.toEqualTypeOf<Promise<void>>()
})

test('a hook takes a client, or what makes one, or a chat', () => {
  expectTypeOf({ client, chat: 'shop' }).toExtend<UseChatOptions>()
  expectTypeOf({ baseUrl: '/', apiKey: 'k', storage: null }).toExtend<UseChatOptions>()
  expectTypeOf<Storage>().toExtend<NonNullable<UseChatOptions['storage']>>()
  void (() => useChat(createChat(client)))
  // @ts-expect-error not both
  void (() => useChat({ client, baseUrl: '/' }))
  // @ts-expect-error nor neither
  void (() => useChat({ chat: 'shop' }))
  // @ts-expect-error the field is on_busy
  void (() => useChat({ client, onBusy: 'queue' }))
  // @ts-expect-error the session is the chat's
  void ((chat: Chat) => chat.send({ message: 'Hello', session_id: 'sess_1' }))
})

test('the end of a turn is narrowed by its type', () => {
  createChat(client, {
    onEvent: (event) => expectTypeOf(event).toEqualTypeOf<TurnEvent>(),
    onFinish({ message, event }) {
      expectTypeOf(message).toEqualTypeOf<ChatMessage | undefined>()
      if (event.type === 'turn.completed') expectTypeOf(event.data.usage).not.toBeAny()
      // @ts-expect-error no turn ends with it
      if (event.type === 'text.delta') return
    },
  })
})
