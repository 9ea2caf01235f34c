import { measureSellers } from '../adversary-market.ts'
import { measureNonPayingBuyer } from '../attack/non-paying-buyer.ts'
import { measureCreditMarket } from '../credit-market.ts'
import { type Measured, type SectionOptions, written } from './section.ts'

/** Whom each credit rule pays. */
export function creditSection({ seed, worldCount }: SectionOptions): Measured {
  const credits = measureCreditMarket({
    seed,
    worldCount: Math.min(20, worldCount),
    questionCount: 400,
  })
  return {
    figures: credits,
    lines: [
      'Pay that five sybil noise sellers take, by credit rule, in a market of nine sellers',
      ...credits.map(
        ({ method, noise, copy }) =>
          `  ${method.padEnd(44)}${written(noise).padEnd(28)}near-copy ${written(copy)}`,
      ),
    ],
  }
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
  const buyers = [0, 1, 3].map((ownCoins) => ({
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
