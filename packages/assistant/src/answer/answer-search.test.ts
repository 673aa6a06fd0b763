import { describe, expect, test } from 'vitest'
import { converse, placed } from '../../test/conversation.js'
import { products } from '../index.js'

/** The names that a reply lists, in order. */
function listed(text: string): readonly string[] {
  return [...text.matchAll(/^\d+\. ([^:]+):/gm)].map(([, name = '']) => name)
}

function find(name: string) {
  const product = products.find((product) => product.name === name)
  if (product === undefined) throw new Error(`${name} is not in the catalogue`)
  return product
}

async function search(message: string) {
  const { text, calls } = await converse().say(message)
  expect(calls.map(({ name }) => name)).toContain('lookup_products')
  return { text, found: listed(text).map(find) }
}

describe('a search', () => {
  test('names real products below the price, and calls lookup_products', async () => {
    const { text, found } = await search('Show me chairs under 150')
    expect(found.length).toBe(5)
    for (const product of found) expect(product.price).toBeLessThan(150)
    expect(text).toMatchInlineSnapshot(`
      "Here are 5 of 11 chairs under 150 EUR:
      1. Alva dining chair: 89 EUR, natural / black, in stock
      2. Bruno spindle chair: 119 EUR, black / white / green, in stock
      3. Clara velvet chair: 149 EUR, blue / green / pink, in stock
      4. Doris stacking chair: 49 EUR, white / red / yellow, in stock
      5. Fabian cantilever chair: 139 EUR, black / brown, in stock
      Say "show more" for the rest."
    `)
  })

  test.each([
    ['chairs under 150', 'chair', 0, 149.99],
    ['chairs below one hundred euros', 'chair', 0, 99.99],
    ['chairs for less than 120,50', 'chair', 0, 120.49],
    ['chairs, not more than €99', 'chair', 0, 99],
    ['chairs, 150 euros or less', 'chair', 0, 150],
    ['sofas above 800', 'sofa', 800.01, 1e6],
    ['sofas over 1,000', 'sofa', 1000.01, 1e6],
    ['a bed, at least 500', 'bed', 500, 1e6],
    ['lamps between 20 and 60 euros', 'lamp', 20, 60],
    ['lamps from 60 to 20', 'lamp', 20, 60],
    ['lamps 20-60', 'lamp', 20, 60],
    ['lamps around 100', 'lamp', 80, 120],
    ['desks, my budget is 300', 'desk', 0, 300],
  ])('%s keeps to the price', async (message, kind, min, max) => {
    const { found } = await search(message)
    expect(found.length).toBeGreaterThan(0)
    for (const product of found) {
      expect(product.category).toContain(kind)
      expect(product.price).toBeGreaterThanOrEqual(min)
      expect(product.price).toBeLessThanOrEqual(max)
    }
  })

  test.each([
    ['do you have sofas?', ['sofa']],
    ['couches', ['sofa']],
    ['a settee please', ['sofa']],
    ['bookshelves', ['shelf']],
    ['something to sleep on', ['bed']],
    ['shelf', ['shelf']],
    ['I need a nightstand', ['bedside table']],
    ['table lamps', ['lamp']],
    ['a lamp for my desk', ['lamp']],
    ['chiars', ['chair', 'office chair', 'outdoor chair']],
    ['wardrob', ['wardrobe']],
    ['garden furniture', ['outdoor chair', 'outdoor table', 'outdoor bench', 'outdoor lounger']],
    ['chairs and benches', ['chair', 'office chair', 'outdoor chair', 'bench', 'outdoor bench']],
    ['office chairs', ['office chair']],
  ])('%s finds the right kind of thing', async (message, categories) => {
    const { found } = await search(message)
    expect(found.length).toBeGreaterThan(0)
    for (const { category } of found) expect(categories).toContain(category)
  })

  test('something to sit on in blue finds blue seats', async () => {
    const { found } = await search('something to sit on in blue')
    for (const product of found) {
      expect(product.colours).toContain('blue')
      expect(product.category).toMatch(/chair|stool|bench|sofa/)
    }
  })

  test.each(['gray sofas', 'grey sofas', 'sofas in Gray'])('%s are sofas in grey', async (message) => {
    const { found } = await search(message)
    expect(found.length).toBeGreaterThan(2)
    for (const { colours } of found) expect(colours).toContain('grey')
  })

  test('wooden tables are of any wood', async () => {
    const { text, found } = await search('wooden tables')
    expect(text).toContain('tables in wood')
    for (const { materials } of found) expect(materials.join()).toMatch(/oak|birch|pine|walnut|teak/)
  })

  test('a cheap oak desk lists oak desks, the cheapest first', async () => {
    const { found } = await search('a cheap oak desk')
    expect(found.map(({ name }) => name)).toEqual(['Dalby secretary desk', 'Astrid oak desk'])
  })

  test('the cheapest bed is one bed', async () => {
    const { text } = await converse().say('the cheapest bed')
    expect(text).toContain('The cheapest bed: Inga single bed (BD-854), 179 EUR')
  })

  test('the most expensive sofa is one sofa', async () => {
    const { text } = await converse().say("what's the most expensive sofa?")
    expect(text).toContain('The most expensive sofa: Drammen leather sofa')
  })

  test.each([
    ['standing desk', 'Borg standing desk'],
    ['a rug for the washing machine', 'Lagune washable rug'],
    ['sofa bed', 'Elba sofa bed'],
    ['a bed with drawers', 'Halden storage bed'],
    ['spindle', 'Bruno spindle chair'],
    ['do you have a farmhuose table', 'Osa farmhouse table'],
  ])('%s finds what is described so', async (message, name) => {
    const { text } = await converse().say(message)
    expect(listed(text)[0]).toBe(name)
  })

  test('what is sold out comes last, and can be left out', async () => {
    const all = await search('wardrobes')
    expect(all.found.at(-1)?.stock).toBe(0)
    const inStock = await search('wardrobes in stock')
    expect(inStock.found.length).toBe(all.found.length - 1)
  })

  test('each line tells the price, the colours and the stock', async () => {
    const { text } = await search('bedside tables')
    expect(text).toContain('1. Urda bedside table: 59 EUR, white / natural, in stock')
    expect(text).toContain('Winge wall nightstand: 45 EUR, white / black / grey, out of stock')
    expect((await search('marble table')).text).toContain('only 2 left')
  })
})

describe('a search that finds nothing', () => {
  test('says so, and what there is at other prices', async () => {
    const { text } = await converse().say('beds under 50')
    expect(text).toContain('I have no beds under 50 EUR. At other prices:\n1. Inga single bed')
  })

  test('says so when the colour is unknown', async () => {
    const { text } = await converse().say('purple sofas')
    expect(text).toBe('I have no purple sofas. Try another colour or material.')
  })

  test('says which word it found nothing for', async () => {
    const { text } = await converse().say('unicorn chairs')
    expect(text).toContain('I found nothing for "unicorn". Here are 5 of 18 chairs')
  })

  test('does not take weather for leather', async () => {
    const { text } = await converse().say('do you have weather?')
    expect(text).not.toContain('leather')
  })

  test('quotes no more than the beginning of a long message', async () => {
    for (const message of ['q'.repeat(5_000), 'qwzx vbnm plgh '.repeat(400)]) {
      const { text } = await converse().say(message)
      expect(text.length).toBeLessThan(400)
      for (const [, quoted = ''] of text.matchAll(/for "([^"]*)"/g)) expect(quoted.length).toBeLessThan(62)
    }
    const { text } = await converse().say(
      'find qwzxvbnmplghqwzxvbnmplgh rtzuiopasdfghrtzuiopasdfgh jklmnbvcxyqw',
    )
    expect(text).toMatch(/I have no products for "qwzx[^"]+…"/)
    const named = await converse().say(`${'unicornunicorn'.repeat(9)} chairs`)
    expect(named.text).toContain('I found nothing for "unicorn')
  })

  test.each(['a rug 200x300', 'a table 2 m wide', 'a rug of 200 × 300 cm'])(
    'admits that it cannot search by size: %s',
    async (message) => {
      const talk = converse()
      expect((await talk.say(`I want ${message}`)).text).toContain("I can't search by size")
      expect((await talk.say('buy the first')).text).toMatch(/^1 × /)
    },
  )

  test('admits that it cannot search by size', async () => {
    const { text } = await converse().say('a desk that is 120 cm wide')
    expect(text).toContain("I can't search by size")
  })
})

describe('what is not wanted is left out', () => {
  test.each([
    'chairs that are not black',
    'chairs not in black',
    'chairs, no black please',
    'chairs, but no black ones',
    'non-black chairs',
    'chairs except black ones',
    'chairs in any colour except for black',
    'chairs in anything but black',
    'chairs in any colour but black',
    'chairs in a colour other than black',
    "chairs that don't come in black",
    "I don't want a black chair",
  ])('a colour: %s', async (message) => {
    const talk = converse()
    const { text, calls } = await talk.say(message)
    expect(calls[0]?.arguments).toMatchObject({ excludeColours: ['black'] })
    expect(text).toMatch(/^Here are 5 of \d+ chairs not in black:/)
    for (const name of [...listed(text), ...listed((await talk.say('show more')).text)]) {
      expect(find(name).category).toContain('chair')
      expect(find(name).colours).not.toContain('black')
    }
  })

  test.each([
    ['a table without glass', ['glass'], 'tables without glass'],
    ['tables, not in wood', ['oak', 'pine'], 'tables without wood'],
    ['tables, no glass and no marble', ['glass', 'marble'], 'tables without glass or marble'],
  ])('a material: %s', async (message, materials, what) => {
    const { text, found } = await search(message)
    expect(text).toContain(what)
    expect(found.length).toBeGreaterThan(0)
    for (const product of found) {
      expect(product.category).toContain('table')
      for (const material of materials) expect(product.materials).not.toContain(material)
    }
  })

  test.each([
    ['seating except sofas', /sofa/],
    ['anything but chairs', /chair/],
    ['not a table lamp but a bench', /lamp/],
    ['chairs but not office chairs', /office/],
  ])('a kind: %s', async (message, unwanted) => {
    const { found } = await search(message)
    expect(found.length).toBeGreaterThan(0)
    for (const { category } of found) expect(category).not.toMatch(unwanted)
  })

  test('also from what was shown, until a colour is chosen', async () => {
    const talk = converse()
    const narrowed = await talk.sayAll('chairs', 'not in black')
    expect(narrowed.text).toContain('chairs not in black:')
    expect((await talk.say('under 100')).text).toContain('chairs not in black under 100 EUR')
    expect((await talk.say('in black')).text).toContain('black chairs under 100 EUR')
    expect((await talk.say('not in black')).text).toContain('chairs not in black under 100 EUR')
  })

  test('but not what is wanted instead', async () => {
    const { text, found } = await search('chairs in white, not in black')
    expect(text).toContain('white chairs')
    for (const { colours } of found) expect(colours).toContain('white')
  })

  test.each([
    'why not black chairs?',
    'no, black chairs',
    'nothing but black chairs',
    'do you have no black chairs?',
  ])('but not after other words that sound so: %s', async (message) => {
    const { text } = await converse().say(message)
    expect(text).toContain('black chairs')
  })

  test('and what cannot be left out is admitted', async () => {
    const { text, calls } = await converse().say('office chairs without armrests')
    expect(text).toContain('I can only leave out kinds, colours and materials')
    expect(calls[0]?.arguments).not.toHaveProperty('query')
  })

  test.each([
    ['no, show me beds', 'beds:'],
    ['no thanks', 'All right'],
    ['no', 'All right'],
    ['not sure', 'did not understand'],
    ['why not', 'Nothing is waiting for a yes'],
  ])('and a no stays a no: %s', async (message, answer) => {
    expect((await converse().say(message)).text).toContain(answer)
  })
})

describe('a no to an order', () => {
  test.each([
    'yes, but not in natural',
    'not natural',
    'no, not in natural',
    'no, in black',
    'no, black please',
  ])('can be one to its colour: %s', async (message) => {
    const { text, calls } = await converse().sayAll('buy two Alva', message)
    expect(text).toContain('2 × Alva dining chair in black')
    expect(placed(calls)).toEqual([])
  })

  test('can leave no colour', async () => {
    const talk = converse()
    const { text } = await talk.sayAll('buy two Alva', 'yes, but not in black or natural')
    expect(text).toBe('Alva dining chair comes in natural and black only, so I have not ordered it.')
    expect((await talk.say('yes')).text).toContain('Nothing is waiting')
  })

  test.each(['no', 'no thanks', 'no, thanks', 'not now'])('drops it: %s', async (message) => {
    const { text } = await converse().sayAll('buy two Alva', message)
    expect(text).toContain('All right, I have not ordered it.')
  })

  test('is none in "why not"', async () => {
    const { text } = await converse().sayAll('buy two Alva', 'why not')
    expect(text).toContain('is placed')
  })
})

describe('an order by description', () => {
  test('says which word was not found', async () => {
    const { text } = await converse().say('order 5 flying carpets')
    expect(text).toMatch(/^I found nothing for "flying"\. Several products fit\./)
  })
})

describe('the next message can narrow the search', () => {
  test.each([
    [
      'in blue?',
      ['Clara velvet chair', 'Ines upholstered chair', 'Lotse ergonomic chair', 'Oland deck chair'],
    ],
    ['and in leather', ['Greta leather chair', 'Notar executive chair']],
    ['under 50', ['Doris stacking chair', 'Hedda folding chair']],
    ['the cheapest', []],
  ])('chairs, then: %s', async (message, names) => {
    const { text, calls } = await converse().sayAll('chairs', message)
    expect(listed(text)).toEqual(names)
    expect(calls[0]?.arguments).toMatchObject({ categories: ['chair', 'office chair', 'outdoor chair'] })
  })

  test('several times', async () => {
    const talk = converse()
    const { text } = await talk.sayAll('rugs', 'in wool', 'what about blue?', 'under 200?')
    expect(text).toContain('I found one blue rug in wool under 200 EUR:\n1. Kelim flatwoven rug')
  })

  test('and when nothing is left, searches everything and says so', async () => {
    const { text } = await converse().sayAll('wardrobes', 'leather')
    expect(text).toContain('I have no wardrobes in leather. Here are 4 products in leather')
  })

  test('but "something" begins anew', async () => {
    const { text } = await converse().sayAll('wardrobes', 'something red')
    expect(text).toContain('Here are 4 red products')
  })
})

describe('more of the same', () => {
  test('goes on with the list and its numbers, to the end', async () => {
    const talk = converse()
    await talk.say('chairs under 150')
    const second = await talk.say('show more')
    expect(second.text).toMatch(/^Here are 5 more:\n6\. Ines upholstered chair/)
    expect((await talk.say('more')).text).toContain('That is all of them.')
    expect((await talk.say('anything else?')).text).toContain('That was all.')
    expect((await talk.say('tell me about the second one')).text).toContain('Bruno spindle chair')
    expect((await talk.say('tell me about number 7')).text).toContain('Kontor task chair')
  })

  test('stops at fifty products', async () => {
    const talk = converse()
    await talk.say('something cheap')
    let text = ''
    for (let page = 0; page < 10; page += 1) text = (await talk.say('show more')).text
    expect(text).toContain('I list at most 50 products')
  })

  test('needs a list', async () => {
    expect((await converse().say('show more')).text).toContain('More of what?')
  })
})

describe('a comparison', () => {
  test('finds what is cheaper than all that was shown', async () => {
    const { text } = await converse().sayAll('sofas under 600', 'anything cheaper?')
    expect(text).toContain('No: Gotland loveseat at 389 EUR is the cheapest')
  })

  test('finds what is cheaper than the product in focus', async () => {
    const { text } = await converse().sayAll('sofas', 'tell me about the first', 'too expensive')
    expect(listed(text)).toEqual(['Gotland loveseat'])
  })

  test('finds what is more expensive', async () => {
    const { text } = await converse().sayAll('beds', 'how much is the first?', 'something more expensive')
    for (const name of listed(text)) expect(find(name).price).toBeGreaterThan(299)
  })

  test('keeps the colour that was searched for', async () => {
    const { text } = await converse().sayAll('something red', 'anything cheaper?')
    expect(text).toContain('No: Rolf step stool at 39 EUR is the cheapest')
  })
})
