import { type Attack, honest } from '../gain.ts'
import { withOdds } from './odds.ts'

const PAIR = { against: honest, share: 0.1, coins: 3 } as const

/** Half of the stake says p, the other half 1 − p. */
export const oppositePair: Attack = {
  ...PAIR,
  name: 'pair at p and 1−p',
  strategy: { nameCount: 2, report: ({ belief }) => [belief, 1 - belief] },
}

/** Half of the stake says twice the odds, the other half half of them. */
export const narrowPair: Attack = {
  ...PAIR,
  name: 'pair at twice and half the odds',
  strategy: {
    nameCount: 2,
    report: ({ belief }) => [2, 0.5].map((factor) => withOdds(belief, (odds) => odds * factor)),
  },
}
