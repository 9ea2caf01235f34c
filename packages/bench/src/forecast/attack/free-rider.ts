import { type Attack, honest } from '../gain.ts'

/** Knows as much as the others and says what the question says, so as not to have to think. */
export const freeRider: Attack = {
  name: 'free rider who says the reference',
  strategy: { nameCount: 1, report: () => [0.5] },
  against: honest,
  share: 0.1,
  coins: 3,
}
