/** Runs without a network: the state machine, the turns and the agents alone. */
export type { AgreementRecord, LawRecord } from './agreement-book.ts'
export { type Beacons, seededBeacons } from './beacons.ts'
export { withEveryoneProsocial, withoutContract } from './counterfactual.ts'
export { type GameResult, runGameRounds } from './game-rounds.ts'
export type { NegotiationRecord } from './negotiation-round.ts'
export { type RunResult, runRounds } from './rounds.ts'
export {
  configOfInstance,
  fundsOf,
  type GameConfig,
  gameConfigOfInstance,
  type InstanceConfig,
  type RoundsConfig,
  type SeatConfig,
  type SeatPlan,
} from './rounds-config.ts'
