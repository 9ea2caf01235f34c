/** Runs without a network: the state machine, the turns and the agents alone. */
export { type Beacons, seededBeacons } from './beacons.ts'
export { withEveryoneProsocial, withoutContract } from './counterfactual.ts'
export type { NegotiationRecord } from './negotiation-round.ts'
export { type AgreementRecord, type LawRecord, type RunResult, runRounds } from './rounds.ts'
export {
  configOfInstance,
  type RoundsConfig,
  type SeatConfig,
  type SeatPlan,
} from './rounds-config.ts'
