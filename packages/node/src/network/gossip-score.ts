import type {
  PeerScoreParams,
  PeerScoreThresholds,
  TopicScoreParams,
} from '@chainsafe/libp2p-gossipsub/score'

const SECOND_MS = 1_000
const MINUTE_S = 60
const HOUR_S = 60 * MINUTE_S

/** Mesh degree D, on which the caps depend. */
export const MESH_DEGREE = 6
/** A decayed counter below this counts as 0. */
const DECAY_TO_ZERO = 0.01

/** What is expected of a topic. */
export interface TopicExpectation {
  /** Messages a second, all authors together, when the network is busy. */
  readonly ratePerSecond: number
  /** Whether a mesh peer that stays behind the others on this topic loses score (P3). */
  readonly isSteady: boolean
}

/** The factor by which a counter shrinks each second so that it is a hundredth after `seconds`. */
export function computeDecay(seconds: number): number {
  return DECAY_TO_ZERO ** (1 / seconds)
}

/** Where a decaying counter settles that grows by `ratePerSecond`. */
export function computeConvergence(decay: number, ratePerSecond: number): number {
  return ratePerSecond / (1 - decay)
}

/**
 * Score parameters of one topic, by the formulas of Lodestar's Ethereum client.
 *
 * P1 (time in mesh) grows to 10 in an hour. P2 (first deliveries) grows to 40 at twice a mesh peer's fair share. P3
 * (mesh deliveries) ranks steady topics only, and its greatest loss stays below what P1 has earned when it becomes
 * active: a network that stands still is silent on every link, and nobody may lose the mesh for that. P4 (rejected
 * messages) takes 100 × count², forgotten over 10 minutes: five put the sender below the graylist.
 *
 * Source  spec/wire.md §6 [WIRE-22]
 */
export function computeTopicScore(expected: TopicExpectation): TopicScoreParams {
  const quantumS = 1
  const timeInMeshCap = HOUR_S / quantumS
  const firstDecay = computeDecay(MINUTE_S)
  const firstCap = computeConvergence(firstDecay, (2 * expected.ratePerSecond) / MESH_DEGREE)
  const activationS = 5 * MINUTE_S
  const timeInMeshWeight = 10 / timeInMeshCap
  const meshDecay = computeDecay(MINUTE_S)
  const meshThreshold = computeConvergence(meshDecay, expected.ratePerSecond / 50) * meshDecay
  const meshLossMax = (timeInMeshWeight * activationS) / 2
  const meshWeight = expected.isSteady ? -meshLossMax / meshThreshold ** 2 : 0
  return {
    topicWeight: 1,
    timeInMeshWeight,
    timeInMeshQuantum: quantumS * SECOND_MS,
    timeInMeshCap,
    firstMessageDeliveriesWeight: 40 / firstCap,
    firstMessageDeliveriesDecay: firstDecay,
    firstMessageDeliveriesCap: firstCap,
    meshMessageDeliveriesWeight: meshWeight,
    meshMessageDeliveriesDecay: meshDecay,
    meshMessageDeliveriesCap: Math.max(4 * meshThreshold, 2),
    meshMessageDeliveriesThreshold: meshThreshold,
    meshMessageDeliveriesWindow: 2 * SECOND_MS,
    meshMessageDeliveriesActivation: activationS * SECOND_MS,
    meshFailurePenaltyWeight: 0,
    meshFailurePenaltyDecay: meshDecay,
    invalidMessageDeliveriesWeight: -100,
    invalidMessageDeliveriesDecay: computeDecay(10 * MINUTE_S),
  }
}

/** Below −500 no gossip about messages, below −1000 no publishing to, below −2500 nothing is heard at all. */
export const SCORE_THRESHOLDS: PeerScoreThresholds = {
  gossipThreshold: -500,
  publishThreshold: -1_000,
  graylistThreshold: -2_500,
  acceptPXThreshold: 100,
  opportunisticGraftThreshold: 5,
}

/** [WIRE-22] [WIRE-23] */
export function computePeerScore(
  topics: Record<string, TopicScoreParams>,
  reputationOf: (peerId: string) => number,
): PeerScoreParams {
  return {
    topics,
    topicScoreCap: 50,
    appSpecificScore: reputationOf,
    appSpecificWeight: 1,
    IPColocationFactorWeight: -5,
    IPColocationFactorThreshold: 10,
    IPColocationFactorWhitelist: new Set(['127.0.0.1']),
    behaviourPenaltyWeight: -10,
    behaviourPenaltyThreshold: 6,
    behaviourPenaltyDecay: 0.986,
    decayInterval: SECOND_MS,
    decayToZero: DECAY_TO_ZERO,
    retainScore: 10 * MINUTE_S * SECOND_MS,
  }
}
