/** Exact figures of a commons whose rate is drawn, and the weights that play in a commons reveals. */
export { type Cap, capOfLaw } from './cap-law.ts'
export { type CapEquilibrium, computeTaken, findCapEquilibrium } from './capped-play.ts'
export { measureEscapement } from './escapement.ts'
export {
  anyTotal,
  equalTotals,
  type HarvestPlan,
  type PlanOptions,
  planHarvest,
} from './harvest-plan.ts'
export {
  BEST_CAP_LAW,
  FARSIGHTED_LAW,
  measurePrivateSignal,
  PRIVATE_SIGNAL_SEATS,
  type PrivateSignalFigures,
  privateSignalParams,
} from './private-signal.ts'
export { createRenewal, type Renewal } from './renewal.ts'
export {
  contradictsDeclared,
  observeRestraint,
  type PublicRun,
  type Restraint,
  type RevealedInterval,
  revealInterval,
} from './revealed.ts'
