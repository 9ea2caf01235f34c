import { type Attack, honest } from '../gain.ts'

/** Says more than it believes: twice its log odds. */
export const extremiser: Attack = {
  name: 'extremiser',
  strategy: { nameCount: 1, report: ({ belief }) => [extreme(belief)] },
  against: honest,
  share: 0.1,
  coins: 3,
}

function extreme(belief: number): number {
  const odds = (belief / (1 - belief)) ** 2
  return odds / (1 + odds)
}
