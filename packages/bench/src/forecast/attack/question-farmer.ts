import { type Attack, honest } from '../gain.ts'

/** Under so many names none of its weight is above the cap where nobody else is awake but the house. */
const FARMER_NAMES = 8

/**
 * Opens five questions of its own, whose answers it knows, for each of the network's. Where they count it has many names, and all
 * of them say what comes true.
 */
export function questionFarmer(admittedOnly: boolean): Attack {
  return {
    name: admittedOnly ? 'question farmer' : 'question farmer, if any question counted',
    strategy: {
      nameCount: FARMER_NAMES,
      report: ({ belief }) => Array<number>(FARMER_NAMES).fill(belief),
      ownQuestionCount: 5,
    },
    against: honest,
    share: 0.05,
    coins: 3,
    rules: { admittedOnly },
  }
}
