export type { Product } from './catalogue/product.js'
export { products } from './catalogue/products.js'
export {
  type Assistant,
  type AssistantContext,
  type AssistantOptions,
  createAssistant,
} from './create-assistant.js'
export { createShop, type Shop, type ShopOutcome } from './create-shop.js'
