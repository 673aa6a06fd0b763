/** Words that say nothing about what is looked for. */
export const fillerWords: ReadonlySet<string> = new Set(
  `a about actually after again all almost alone along already alright also although always am an and another any
  anybody anyone anything are around as ask at available away back be because been before being best better between both
  bring but buy by bye can cannot cant cart catalog catalogue check cheap cheaper cheapest choose color colored colors
  colour coloured colours come comes cost costs could couldnt currently day dear dearest did didnt do does doesnt doing
  done dont each either else enough eur euro euros even ever every everything exactly except excluding expensive fancy few find fine first
  for found from furniture get give go goes going good got great had happy has have havent having he hello help her here
  hers hey hi him his home house how i id if ill im in inexpensive interested into is isnt it item items its ive just
  kind know last less let lets like little ll look looking lot lots made make many max maximum may maybe me mean might min
  minimum mine more most much must my need needs neither never new next nice no non nope nor not nothing now number of off ok okay on once
  one ones only option options or order other others our out over own per perhaps piece pieces please possible pretty price
  priced prices probably product products purchase put quite rather really recommend right same say see seem sell sells
  shall she shop should show since so some somebody someone something somewhere soon sort still stock store stuff such
  suggest sure take tell than thank thanks that thats the their them then there theres these they theyre thing things
  think this those thx to today together too try two type under until up us use very want wanna wants was way we well were
  what whats when where which while who whole why will with within without wont would wouldnt yes yet you your youre yours
  affordable budget dollar dollars usd gbp euros below above less lower higher least lowest highest premium luxury
  version instead purchase pls plz hallo place add left sold stop wait actually total altogether remove similar alike comfy cosy cozy comfortable nice beautiful lovely modern stylish cool decent ideally sturdy quality wide tall
  deep assortment range selection offer offers list find search browse`.split(/\s+/),
)
