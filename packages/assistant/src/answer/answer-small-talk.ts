import { plural } from '../catalogue/singular.js'
import type { Answer, Turn } from '../turn.js'
import type { SmallTalk } from '../understand/request.js'
import { joinWords } from '../wording/join-words.js'

const abilities =
  'I can search the catalogue ("chairs under 150", "a blue sofa"), tell about a product ("how big is the second?"), ' +
  'take an order ("two of the first"), and show or cancel your orders ("what did I order?", "cancel my order").'

/** Answers what needs no function. */
export function* answerSmallTalk(turn: Turn, about: SmallTalk): Answer {
  switch (about) {
    case 'nothing':
      return yield 'I can only read words. What are you looking for?'
    case 'greeting':
      return yield `Hello! What are you looking for? ${describeOffer(turn)}`
    case 'thanks':
      return yield "You're welcome. Is there anything else?"
    case 'goodbye':
      return yield 'Goodbye, and thank you for your visit!'
    case 'help':
      return yield `I am the shop's assistant, a program without a language model. ${abilities}`
    case 'overview':
      return yield describeOffer(turn)
    case 'beyond':
      return yield `I don't know about that: I only know the catalogue, the stock and the orders of this chat. ${abilities}`
    case 'unclear':
      return yield `Sorry, I did not understand that. ${abilities}`
  }
}

const maxNamed = 30

function describeOffer({ catalogue: { products } }: Turn): string {
  const categories = [...new Set(products.map(({ category }) => plural(category)))]
  if (categories.length === 0) return 'The catalogue is empty at the moment.'
  const named = categories.slice(0, maxNamed)
  return `We sell ${joinWords(categories.length > maxNamed ? [...named, 'more'] : named, 'and')}.`
}
