/** What makes a number neither a price nor a quantity of products: "160 cm", "3 seater". */
export const unitWord =
  /^(?:cm|mm|m|meters?|metres?|inch|inches|ft|feet|kg|percent|seats?|seaters?|people|persons?|drawers?|doors?|days?|weeks?|months?|years?)$/

/** What makes a number a price. */
export const currencyWord = /^(?:eur|euros?|dollars?|usd|bucks)$/
