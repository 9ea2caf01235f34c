/** The agents alone: what the bench plays with, without the network stack of a node. */

export { createNegotiationSituation, createSituation } from '../situation.ts'
export { createHoldOut } from './adversary/hold-out.ts'
export type {
  Agent,
  Answer,
  CommonsSituation,
  LawInForce,
  Move,
  NegotiationSituation,
  Situation,
  Standing,
  Turn,
} from './agent.ts'
export { type AgentOptions, createAgent } from './create-agent.ts'
export { probabilitiesOf, toReport } from './forecast/to-report.ts'
export {
  computeThreshold,
  isProsocialEnough,
  type Prosociality,
  type ProsocialityCode,
  parseProsociality,
  prosocialityOfAlpha,
  prosocialityOfLambda,
  prosocialityOfTheta,
  type SvoClass,
  svoClassOf,
  weigh,
} from './prosocial.ts'
export { computeConcession } from './utility/bargaining.ts'
export { capLaw } from './utility/candidate.ts'
export {
  computeRequest,
  formatPolicy,
  type HarvestPolicy,
  POLICY_FORMS,
  type Policy,
  parsePolicy,
  RATE_PERCENT_DEFAULT,
} from './utility/policy.ts'
