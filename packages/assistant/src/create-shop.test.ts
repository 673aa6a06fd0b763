import type { JsonObject, JsonValue } from '@colloquy/session'
import { describe, expect, it } from 'vitest'
import { createAssistant, createShop } from './index.js'

/** Calls the functions of a shop in one session; a call that fails gives its error. */
function session(shop = createShop()) {
  let state: JsonValue = null
  return {
    state: () => state,
    call(name: string, args: JsonValue = {}): JsonValue {
      const outcome = shop.call(name, args, state)
      state = outcome.state
      return 'result' in outcome ? outcome.result : outcome.error
    },
  }
}

const cup = {
  id: 'CUP-1',
  name: 'Cup',
  category: 'cups',
  description: 'A cup.',
  price: 4,
  stock: 3,
  colours: ['white'],
  materials: ['clay'],
  dimensions: { width: 8, depth: 8, height: 9 },
}

describe('the functions of the shop', () => {
  it('are those of the assistant, each described and with a schema', () => {
    const { functions, instructions } = createShop()
    expect(functions).toEqual(createAssistant().functions)
    expect(instructions).toContain('EUR')
    expect(createShop({ currency: 'USD' }).instructions).toContain('USD')
  })

  it('look products up, and order them once that is confirmed, within the session', () => {
    const { call, state } = session()
    const { products } = call('lookup_products', { query: 'chair', inStock: true, limit: 1 }) as {
      readonly products: readonly { readonly id: string }[]
    }
    const productId = products[0]?.id ?? ''
    expect(call('place_order', { productId, quantity: 1 })).toMatchObject({ status: 'awaiting_confirmation' })
    expect(call('get_order', { orderId: 'ORD-1001' })).toBe(
      session().call('get_order', { orderId: 'ORD-1001' }),
    )
    expect(call('place_order', { productId, quantity: 1, confirmed: true })).toMatchObject({
      id: 'ORD-1001',
      status: 'placed',
    })
    expect(call('cancel_order', { orderId: 'ORD-1001' })).toMatchObject({ status: 'cancelled' })
    expect((state() as JsonObject)['orderCount']).toBe(1)
  })

  it.each<[string, JsonValue, RegExp]>([
    ['lookup_products', { query: 7 }, /^lookup_products was called wrongly: arguments/],
    ['lookup_products', { colour: 'red' }, /^lookup_products was called wrongly/],
    ['get_product', {}, /^get_product was called wrongly/],
    ['get_product', null, /^get_product was called wrongly/],
    ['get_product', ['CHR-1'], /^get_product was called wrongly/],
    ['place_order', { productId: 'no-such', quantity: 1 }, /^There is no product no-such/],
    ['sell_house', {}, /^There is no function sell_house/],
    ['__proto__', {}, /^There is no function __proto__/],
  ])('%s refuses %j with a sentence, and changes nothing', (name, args, sentence) => {
    const { call, state } = session()
    call('lookup_products', { query: 'table' })
    const before = JSON.stringify(state())
    expect(call(name, args)).toMatch(sentence)
    expect(JSON.stringify(state())).toBe(before)
  })

  it('know the products that they are given', () => {
    const { call } = session(createShop({ products: [cup] }))
    expect(call('lookup_products', {})).toMatchObject({ total: 1, products: [{ id: 'CUP-1' }] })
    expect(call('place_order', { productId: 'CUP-1', quantity: 4, confirmed: true })).toBe(
      'Only 3 of Cup can be ordered.',
    )
  })

  it('take anything for a state, and what they do not know for nothing', () => {
    const shop = createShop()
    for (const state of [null, 7, 'x', [], { version: 2 }, { version: 1, orders: 'none' }])
      expect(shop.call('get_order', { orderId: 'ORD-1001' }, state)).toMatchObject({
        error: expect.any(String),
      })
  })
})
