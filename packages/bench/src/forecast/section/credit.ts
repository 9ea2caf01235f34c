import { measureSellers } from '../adversary-market.ts'
import { measureNonPayingBuyer } from '../attack/non-paying-buyer.ts'
import { type MarketOptions, type MarketPay, measureCreditMarket } from '../credit-market.ts'
import { type Measured, type SectionOptions, written } from './section.ts'

/** Logits by which a copy strays at most, beyond the .1 of the first table. */
const COPY_DISTANCES: readonly number[] = [0.4, 0.8, 1.2]

/** Whom each credit rule pays; what becomes of that with the rival weights; and what copies get that stray further. */
export function creditSection({ seed, worldCount }: SectionOptions): Measured {
  const options = { seed, worldCount: Math.min(20, worldCount), questionCount: 400 }
  const credits = measureCreditMarket(options)
  const rule: MarketOptions = { ...options, methods: ['aumann-shapley'] }
  const adagrad = measureCreditMarket({ ...rule, weights: 'adagrad' })
  const copies = COPY_DISTANCES.map((copyDistanceMax) => ({
    copyDistanceMax,
    pay: measureCreditMarket({ ...rule, copyDistanceMax }),
  }))
  return {
    figures: { credits, adagrad, copies },
    lines: [
      'Pay that five sybil noise sellers take, by credit rule, in a market of nine sellers; the buyer’s log loss',
      ...credits.map((pay) => describePay(pay.method, pay)),
      ...adagrad.map((pay) => describePay(`${pay.method}, weights by AdaGrad`, pay)),
      ...copies.flatMap(({ copyDistanceMax, pay }) =>
        pay.map((each) => describePay(`${each.method}, the copy within ${copyDistanceMax}`, each)),
      ),
    ],
  }
}

function describePay(label: string, { noise, copy, loss }: MarketPay): string {
  const nearCopy = `near-copy ${written(copy)}`.padEnd(38)
  return `  ${label.padEnd(44)}${written(noise).padEnd(28)}${nearCopy}${loss.toFixed(4)}`
}

/** What adversaries get for their signals. */
export function sellerSection({ seed, worldCount }: SectionOptions): Measured {
  const sellers = measureSellers({
    seed,
    worldCount: Math.min(20, worldCount),
    questionCount: 400,
  })
  return {
    figures: sellers,
    lines: [
      'Part of a buyer’s pay that one adversary takes beside two good sellers; beyond an honest one, in % of what the buyer earns; harm in nats',
      ...sellers.map(
        ({ seller, share, gain, harm }) =>
          `  ${seller.padEnd(24)}${written(share).padEnd(28)}${written(gain).padEnd(28)}${written(harm)}`,
      ),
    ],
  }
}

/** What a buyer gains that does not pay. */
export function buyerSection({ seed, worldCount }: SectionOptions): Measured {
  const buyers = [0, 1, 3, 6, 12].map((ownCoins) => ({
    ownCoins,
    ...measureNonPayingBuyer({ seed, worldCount, questionCount: 120, ownCoins }),
  }))
  return {
    figures: buyers,
    lines: [
      'Gain of a buyer that pays its suppliers nothing, over the same buyer paying, 120 questions',
      `  ${'coins it sees itself'.padEnd(24)}${'log loss, nats'.padEnd(28)}emission it keeps`,
      ...buyers.map(
        ({ ownCoins, loss, kept }) =>
          `  ${`${ownCoins}`.padEnd(24)}${written(loss).padEnd(28)}${written(kept)}`,
      ),
    ],
  }
}
