import { type Attack, honest } from '../gain.ts'

/** Opens five questions of its own, whose answers it knows, for each of the network's. */
export function questionFarmer(admittedOnly: boolean): Attack {
  return {
    name: admittedOnly ? 'question farmer' : 'question farmer, if any question counted',
    strategy: { ...honest, ownQuestionCount: 5 },
    against: honest,
    share: 0.05,
    coins: 3,
    rules: { admittedOnly },
  }
}
