import type { Product } from './product.js'
import furniture from './products.json' with { type: 'json' }

/** The furniture that the assistant sells when it is given no other catalogue. Prices are in EUR. */
export const products: readonly Product[] = furniture
