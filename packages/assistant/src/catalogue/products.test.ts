import { describe, expect, test } from 'vitest'
import { createAssistant, products } from '../index.js'

describe('the furniture', () => {
  test('is at least sixty products, with unique ids and names', () => {
    expect(products.length).toBeGreaterThanOrEqual(60)
    expect(new Set(products.map(({ id }) => id)).size).toBe(products.length)
    expect(new Set(products.map(({ name }) => name)).size).toBe(products.length)
  })

  test.each(products.map((product) => [product.id, product] as const))(
    '%s has every field right',
    (id, product) => {
      expect(id).toMatch(/^[A-Z]{2}-\d{3}$/)
      expect(product.name).toMatch(/^[A-Z][a-z]+ [a-z -]+$/)
      expect(product.category).toMatch(/^[a-z]+(?: [a-z]+)?$/)
      expect(product.price).toBeGreaterThan(0)
      expect(Math.round(product.price * 100)).toBe(product.price * 100)
      for (const word of [...product.colours, ...product.materials]) expect(word).toMatch(/^[a-z]+$/)
      expect(product.colours.length).toBeGreaterThan(0)
      expect(product.materials.length).toBeGreaterThan(0)
      for (const length of Object.values(product.dimensions)) expect(length).toBeGreaterThan(0)
      expect(Number.isInteger(product.stock) && product.stock >= 0).toBe(true)
      expect(product.description).toMatch(/^[A-Z].{20,200}\.$/)
    },
  )

  test('has something in stock, something scarce and something sold out', () => {
    expect(products.filter(({ stock }) => stock === 0).length).toBeGreaterThan(5)
    expect(products.filter(({ stock }) => stock > 0 && stock <= 5).length).toBeGreaterThan(5)
    expect(products.filter(({ stock }) => stock > 5).length).toBeGreaterThan(30)
  })

  test('has chairs on both sides of 150', () => {
    const chairs = products.filter(({ category }) => category === 'chair')
    expect(chairs.filter(({ price }) => price < 150).length).toBeGreaterThan(4)
    expect(chairs.filter(({ price }) => price > 150).length).toBeGreaterThan(1)
  })
})

describe('an own catalogue is refused', () => {
  const [chair] = products
  if (chair === undefined) throw new Error('the catalogue is empty')

  test.each([
    [
      'with an id twice',
      [chair, { ...chair, id: 'ch-101' }],
      'Two products of the catalogue have the id ch-101',
    ],
    ['with a space in an id', [{ ...chair, id: 'CH 1' }], 'The product id "CH 1" contains spaces'],
    ['with a negative price', [{ ...chair, price: -1 }], 'products[0].price must be at least 0'],
    ['with half a chair in stock', [{ ...chair, stock: 1.5 }], 'products[0].stock must be of type integer'],
    ['without a name', [{ ...chair, name: '' }], 'the length of products[0].name must be at least 1'],
    ['with an unknown field', [{ ...chair, colour: 'red' }], 'products[0] has no "colour"'],
  ])('%s', (_, products, message) => {
    expect(() => createAssistant({ products })).toThrow(message)
  })
})
