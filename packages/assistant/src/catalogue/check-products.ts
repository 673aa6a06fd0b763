import type { JsonObject } from '@colloquy/session'
import { findFault } from '../find-fault.js'
import type { Product } from './product.js'

const text = { type: 'string', minLength: 1, maxLength: 200 }
const texts = { type: 'array', maxItems: 20, items: text }
const length = { type: 'number', minimum: 0 }

const productSchema: JsonObject = {
  type: 'object',
  required: ['id', 'name', 'category', 'price', 'colours', 'materials', 'dimensions', 'stock', 'description'],
  properties: {
    id: { type: 'string', minLength: 1, maxLength: 40 },
    name: text,
    category: text,
    price: { type: 'number', minimum: 0 },
    colours: texts,
    materials: texts,
    dimensions: {
      type: 'object',
      required: ['width', 'depth', 'height'],
      properties: { width: length, depth: length, height: length },
    },
    stock: { type: 'integer', minimum: 0 },
    description: { type: 'string', maxLength: 2000 },
  },
}

/**
 * Makes sure that a catalogue can be sold from.
 *
 * @throws TypeError that names the first product at fault and what is wrong with it
 */
export function checkProducts(products: readonly Product[]): void {
  const seen = new Set<string>()
  for (const [index, product] of products.entries()) {
    const fault = findFault(productSchema, product, `products[${index}]`)
    if (fault !== null) throw new TypeError(`The catalogue is not usable: ${fault}.`)
    if (/\s/.test(product.id))
      throw new TypeError(`The product id ${JSON.stringify(product.id)} contains spaces.`)
    const id = product.id.toLowerCase()
    if (seen.has(id)) throw new TypeError(`Two products of the catalogue have the id ${product.id}.`)
    seen.add(id)
  }
}
