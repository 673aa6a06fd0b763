import type { ProductCard } from '../functions/product-card.js'
import type { Aspect } from '../understand/request.js'
import { joinWords } from './join-words.js'
import { formatPrice } from './price.js'

const lowStock = 5

/** "in stock", "only 3 left" or "out of stock". */
function stockHint({ stock }: ProductCard): string {
  if (stock === 0) return 'out of stock'
  return stock <= lowStock ? `only ${stock} left` : 'in stock'
}

/** Products as numbered lines, with name, price, colours and a word about the stock. */
export function listProducts(products: readonly ProductCard[], first = 1): string {
  return products
    .map((product, at) => {
      const colours = product.colours.length === 0 ? '' : `, ${product.colours.join(' / ')}`
      const price = formatPrice(product.price, product.currency)
      return `${first + at}. ${product.name}: ${price}${colours}, ${stockHint(product)}`
    })
    .join('\n')
}

/** Answers a question about a product in a sentence or two. */
export function describeProduct(product: ProductCard, aspect: Aspect): string {
  const { name } = product
  switch (aspect) {
    case 'price':
      return `${name} costs ${formatPrice(product.price, product.currency)}.`
    case 'stock':
      return describeStock(product)
    case 'materials':
      return product.materials.length === 0
        ? `The catalogue does not say what ${name} is made of.`
        : `${name} is made of ${joinWords(product.materials, 'and')}.`
    case 'size':
      return `${name} is ${describeSize(product)}.`
    case 'colours':
      return describeColours(product)
    case 'other':
      return `I don't know that about ${name}. What the catalogue says: ${product.description}`
    case 'everything':
      return describeEverything(product)
  }
}

function describeStock({ name, stock }: ProductCard): string {
  if (stock === 0) return `${name} is out of stock at the moment.`
  return stock <= lowStock
    ? `${name} is in stock, but only ${stock} left.`
    : `${name} is in stock: ${stock} pieces.`
}

function describeSize({ dimensions: { width, depth, height } }: ProductCard): string {
  return `${width} cm wide, ${depth} cm deep and ${height} cm high`
}

function describeColours({ name, colours }: ProductCard): string {
  return colours.length === 0
    ? `The catalogue names no colours for ${name}.`
    : `${name} comes in ${joinWords(colours, 'and')}.`
}

function describeEverything(product: ProductCard): string {
  const { name, id, price, currency, colours, materials, description } = product
  const made = materials.length === 0 ? '' : ` Made of ${joinWords(materials, 'and')};`
  const coloured = colours.length === 0 ? '' : ` In ${joinWords(colours, 'or')}.`
  return `${name} (${id}), ${formatPrice(price, currency)}, ${stockHint(product)}. ${description}${made} ${describeSize(product)}.${coloured}`
}
