/** A price times a quantity, without the crumbs of binary fractions. */
export function totalPrice(price: number, quantity: number): number {
  return Math.round(price * 100 * quantity) / 100
}

/** "89 EUR", "12.50 EUR". No thousands separator: it is a decimal point to half of the customers. */
export function formatPrice(price: number, currency: string): string {
  return `${Number.isInteger(price) ? price : price.toFixed(2)} ${currency}`
}
