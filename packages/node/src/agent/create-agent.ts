import type { Law } from '@commonweal/protocol'
import { createAdversary } from './adversary/create-adversary.ts'
import { isAdversary } from './adversary/policy.ts'
import { preferenceOfTheta } from './adversary/preference.ts'
import type {
  Agent,
  CommonsSituation,
  GameSituation,
  Move,
  NegotiationSituation,
  Player,
  Situation,
} from './agent.ts'
import type { Derive } from './game/draw.ts'
import { createGamePlayer } from './game/game-player.ts'
import { imposeLaw } from './impose-law.ts'
import type { Prosociality } from './prosocial.ts'
import { turnAt } from './turn-at.ts'
import { createAlwaysPlayer } from './utility/always.ts'
import { createClosedFormPlayer } from './utility/closed-form.ts'
import { formatPolicy, isHarvestPolicy, type Policy, QUANTAL, UTILITY } from './utility/policy.ts'

export interface AgentOptions {
  readonly policy: Policy
  /** Decides in the place of the policy, as an agent with a language model does. */
  readonly decider?: Agent
  readonly prosociality: Prosociality
  /**
   * The one law that the agent speaks for: the limit of a cap over which it bargains in a commons, such as "stock / 10", or
   * a whole law, which it proposes and accepts.
   */
  readonly law?: string | Law | null
  /** What its draws come from, where it plays a mixed strategy. */
  readonly derive: Derive
  /** The policy that it turns to from a round on, counted from 1. Nobody tells it what to sign then. */
  readonly turn?: { readonly policy: Policy; readonly fromRound: number } | null
}

/** The built-in agent of a policy: it plays every kind of instance. [AGT-5] */
export function createAgent(options: AgentOptions): Agent {
  const { policy, prosociality, derive, decider, law, turn } = options
  const limit = typeof law === 'string' ? { law } : {}
  const plain = decider ?? createPolicyAgent({ ...limit, policy, prosociality, derive })
  const agent = typeof law === 'object' && law !== null ? imposeLaw(plain, law) : plain
  if (turn === undefined || turn === null) return agent
  const turned = createPolicyAgent({ ...limit, policy: turn.policy, prosociality, derive })
  return turnAt(turn.fromRound, agent, turned)
}

interface PolicyOptions extends Pick<AgentOptions, 'policy' | 'prosociality' | 'derive'> {
  readonly law?: string
}

function createPolicyAgent(options: PolicyOptions): Agent {
  const { policy, prosociality } = options
  const commons = createCommonsPlayer(options)
  const game = createPlayerOfGames(options)
  const name = formatPolicy(policy)
  return {
    name: isAdversary(policy) ? name : `${name} λ=${prosociality.lambda}`,
    negotiate(situation: NegotiationSituation): Move {
      return situation.kind === 'commons' ? commons.negotiate(situation) : game.negotiate(situation)
    },
    act(situation: Situation): bigint {
      return situation.kind === 'commons' ? commons.act(situation) : game.act(situation)
    },
  }
}

function createCommonsPlayer(options: PolicyOptions): Player<CommonsSituation> {
  const { policy, prosociality } = options
  if (isAdversary(policy)) return createAdversary(policy, prosociality)
  if (policy.name === 'always') return createAlwaysPlayer(policy)
  const isKnown = isHarvestPolicy(policy) || policy.name === 'utility'
  return createClosedFormPlayer({ ...options, policy: isKnown ? policy : UTILITY })
}

function createPlayerOfGames({
  policy,
  prosociality,
  derive,
}: PolicyOptions): Player<GameSituation> {
  if (policy.name === 'svo') {
    const preference = preferenceOfTheta(policy.thetaDeg)
    return createGamePlayer({ policy: QUANTAL, prosociality: preference, derive })
  }
  if (isAdversary(policy)) {
    // In a game there is no stock to live off: what is left of an adversary is that it plays for itself.
    const bargains = policy.name !== 'hold-out' && policy.name !== 'free-rider'
    const selfish = preferenceOfTheta(0)
    return createGamePlayer({
      policy: { name: 'best-reply' },
      prosociality: selfish,
      derive,
      bargains,
    })
  }
  const isKnown =
    policy.name === 'quantal' || policy.name === 'best-reply' || policy.name === 'always'
  return createGamePlayer({ policy: isKnown ? policy : QUANTAL, prosociality, derive })
}
