import { type Attack, honest } from '../gain.ts'
import { withOdds } from './odds.ts'

/** Says more than it believes, or less: its odds to some power. */
export function extremiser(power: number): Attack {
  return {
    name:
      power > 1 ? `extremiser, odds to the power ${power}` : `hedger, odds to the power ${power}`,
    strategy: { nameCount: 1, report: ({ belief }) => [withOdds(belief, (odds) => odds ** power)] },
    against: honest,
    share: 0.1,
    coins: 3,
  }
}
