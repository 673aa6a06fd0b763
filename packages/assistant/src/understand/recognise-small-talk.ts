import type { SmallTalk } from './request.js'

const phrases: readonly (readonly [RegExp, SmallTalk])[] = [
  [
    /\b(?:help|what (?:else )?can you do|what do you do|how does (?:this|it) work|who are you|what are you|what is this|are you (?:a |an )?(?:bot|robot|human|real|person|ai|machine)|how (?:do|can|could|would) i (?:order|buy|purchase)|instructions|commands)\b/,
    'help',
  ],
  [
    /\bwhat (?:all )?(?:do|can|else do) you (?:sell|have|offer|stock|carry)\b|\bwhat can i (?:order|buy|get)\b|\b(?:categories|catalogue|catalog|assortment|inventory)\b|\b(?:what|which) (?:kinds?|sorts?|types?|products|furniture)\b|\b(?:show me|list|see) (?:everything|all|all products|everything you have) $/,
    'overview',
  ],
  [
    /^ (?:thanks?|thank you|thx|cheers|ty|many thanks|much appreciated|danke|merci|gracias)\b|\b(?:thanks|thank you)\b/,
    'thanks',
  ],
  [
    /\b(?:bye|goodbye|good bye|see you|see ya|cya|farewell|thats all|thats it|good night|ciao|tschuss)\b/,
    'goodbye',
  ],
  [
    /^ (?:hi|hello|hey|hiya|howdy|yo|greetings|good (?:morning|evening|afternoon|day)|hallo|bonjour|hola|ciao|how are you)\b/,
    'greeting',
  ],
]

/** Recognises greetings, thanks, goodbyes, calls for help, and the question what is sold. */
export function recogniseSmallTalk(text: string): SmallTalk | null {
  const fitting = phrases.filter(([pattern]) => pattern.test(text)).map(([, about]) => about)
  // "Thanks, bye" is a goodbye.
  return fitting.includes('goodbye') ? 'goodbye' : (fitting[0] ?? null)
}

/** Recognises what a shop is asked and this assistant knows nothing about. */
export function isBeyond(text: string): boolean {
  return /\b(?:deliver|delivers|delivered|delivery|deliveries|ship|ships|shipping|shipment|returns?|return policy|refunds?|exchange|warranty|guarantee|pay|payment|payments|invoice|paypal|credit cards?|discounts?|coupons?|vouchers?|opening (?:hours|times)|open today|showroom|phone number|email|speak to|talk to|assembly|assemble|arrives?|arrival|weather|news|joke)\b/.test(
    text,
  )
}
