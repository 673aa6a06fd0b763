const yes =
  /^ (?:yes|yeah|yep|yup|yea|ya|y|sure|ok|okay|okey|kk|of course|certainly|absolutely|definitely|please do|please|go ahead|confirm|confirmed|do it|place (?:it|(?:the |my |this |that )?order)|complete (?:the |my )?order|submit|proceed|correct|right|exactly|sounds good|perfect|great|fine|alright|all right|deal|agreed|why not|lets do it|go for it|ja|oui|si|good|that works)\b/
const no =
  /^ (?:(?:actually|hmm|hm|oh|well|ok|okay|um|uh|wait|sorry) )*(?:no(?! idea)|nope|nah|nein|non|stop|dont|do not|not(?! sure)|negative|n)\b/

// A yes places an order, so it must be nothing but a yes.
const aroundYes = new Set(
  `yes yeah yep yup yea ya y sure ok okay okey kk of course certainly absolutely definitely please do go ahead confirm
  confirmed it place order proceed correct right exactly sounds good perfect great fine alright all deal agreed why not
  lets for ja oui si that works thanks thank you the my i am im now then and this want to would like me by means very much
  is so`.split(/\s+/),
)

/** Whether a message agrees, and says nothing else. */
export function isYes(text: string): boolean {
  return (
    yes.test(text) &&
    !/\bnot\b(?<!why not)/.test(text) &&
    text
      .trim()
      .split(' ')
      .every((word) => aroundYes.has(word))
  )
}

const takes = new Set('ill i will well we take have buy order purchase get id'.split(' '))

/**
 * Whether a message says to order "it", and nothing else: "I'll take it" after "Shall I place the order?" is a yes,
 * "I'll take both" and "should I buy it?" are none.
 */
export function isYesToProduct(text: string): boolean {
  const words = text.trim().split(' ')
  return words.every((word) => takes.has(word) || aroundYes.has(word)) && / (?:it|that|this) /.test(text)
}

/** Whether a message begins with a no and is short. */
export function isNo(text: string): boolean {
  return no.test(text) && text.trim().split(' ').length <= 12
}

/** Whether a message turns down what was pointed at: "not the blue one". */
export function rejects(text: string): boolean {
  return /^ not (?:the|that|this|these|those) /.test(text) && text.trim().split(' ').length <= 6
}

/** Whether a message asks for the rest of a list. */
export function asksForMore(text: string): boolean {
  return /^ (?:yes |ok |okay )?(?:please )?(?:can you |could you )?(?:show |see |give |list )?(?:me )?(?:some |any |the )?(?:more|rest|next|others?)(?! (?:about|info|information|details?))\b|\b(?:what else|anything else|something else|other options|next page|(?:show|see) (?:me )?(?:some |the |all )?(?:more|rest|others?)(?! (?:about|info|details?))|are there more|any more|any others?)\b/.test(
    text,
  )
}

/** Whether a message asks for the same, cheaper. */
export function asksForCheaper(text: string): boolean {
  return /\b(?:cheaper|less expensive|too (?:expensive|much|dear|pricey)|lower price|more affordable|less costly)\b/.test(
    text,
  )
}

/** Whether a message asks for the same, more expensive. */
export function asksForDearer(text: string): boolean {
  return /\b(?:more expensive|fancier|dearer|pricier|higher end|better quality|something better)\b/.test(text)
}

/** Whether a message only sets a quantity: "make it three", "just one", "2 please". */
export function setsQuantity(text: string): boolean {
  if (
    /\b(?:make (?:it|that|them)|change (?:\w+ ){0,2}to|instead|rather|i meant|i mean|quantity|more)\b/.test(
      text,
    )
  )
    return true
  const around =
    /\b(?:yes|no|nope|ok|okay|please|pieces?|of|them|those|these|it|just|only|actually|thanks|and|a|an|couple|pair|dozen|half|units?|then|but|sorry|hundred|thousand|million|billion|minus|x)\b/g
  const left = text.replace(around, ' ').trim().split(/\s+/)
  return left.length <= 3
}
