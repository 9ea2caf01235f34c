/**
 * Every limit of the network layer. Sizes are bytes, instants and durations milliseconds.
 *
 * Source  spec/wire.md §5
 */
export interface NetworkLimits {
  /** Largest gossiped message; the frame around it stays below {@link gossipFrameBytesMax}. */
  readonly gossipBytesMax: number
  /** Largest gossip frame that is read; one above it closes the gossip stream. */
  readonly gossipFrameBytesMax: number
  /** Bytes waiting on one gossip stream before it is given up. */
  readonly gossipBacklogBytesMax: number
  /** Messages a second that one peer may have validated, and how many at once. */
  readonly gossipRatePerSecond: number
  readonly gossipBurst: number
  /** Messages of one peer that wait for their verdict. */
  readonly gossipPendingMax: number
  /** Points that each message above the rate costs its sender. */
  readonly floodPoints: number

  /** Largest frame on a lasting stream. */
  readonly sendBytesMax: number
  /** Frames and bytes that wait for one peer; beyond it the oldest is dropped. */
  readonly sendQueueCountMax: number
  readonly sendQueueBytesMax: number
  /** Frames a second that are read from one peer, and how many at once; the rest waits at the sender. */
  readonly sendRatePerSecond: number
  readonly sendBurst: number
  /** The same for signals, in the place of the largest frame and the rate: whoever is admitted may send them, validator or not. */
  readonly signalBytesMax: number
  readonly signalRatePerSecond: number
  readonly signalBurst: number

  readonly requestBytesMax: number
  readonly responseFrameBytesMax: number
  readonly responseBytesMax: number
  /** Greatest pause between two frames, read or written. */
  readonly responsePauseMs: number
  /** Requests a second that are answered for one peer, and how many at once. */
  readonly requestRatePerSecond: number
  readonly requestBurst: number
  /** Responses under way: to one peer, and in all. */
  readonly responsesPerPeerMax: number
  readonly responsesMax: number

  readonly helloBytesMax: number
  readonly helloTimeoutMs: number
  /** How long a peer of another network or version is not dialled again. */
  readonly refusedPauseMs: number

  readonly connectionsMax: number
  readonly inboundConnectionsPerSecond: number
  readonly negotiationTimeoutMs: number
  readonly dialTimeoutMs: number
  readonly yamuxWindowBytes: number

  /** Reputation at which a peer is banned; 0 is a stranger. */
  readonly banReputation: number
  readonly banMs: number
  /** Time in which a bad reputation halves. */
  readonly reputationHalfLifeMs: number
  /** Peers remembered; beyond it the one closest to a stranger is forgotten. */
  readonly reputationCountMax: number
  /** Points that a rejected message costs its sender. */
  readonly rejectPoints: number

  /** Pause between two looks of the watchdog, and how many bad looks it takes. */
  readonly watchdogTickMs: number
  readonly watchdogBadTicks: number
  /** First and greatest pause before a lost peer is dialled again. */
  readonly redialMsMin: number
  readonly redialMsMax: number
  /** How long the higher peer id leaves the dialling to the lower one. */
  readonly dialDeferMs: number
  /** How long a lost peer that is no boot node is dialled before it is forgotten. */
  readonly forgetMs: number
}

const KIB = 1024
const SECOND = 1_000
const MINUTE = 60 * SECOND

export const DEFAULT_LIMITS: NetworkLimits = {
  gossipBytesMax: 128 * KIB,
  gossipFrameBytesMax: 256 * KIB,
  gossipBacklogBytesMax: 8 * KIB * KIB,
  gossipRatePerSecond: 4_000,
  gossipBurst: 8_000,
  gossipPendingMax: 1_024,
  floodPoints: 0.05,

  sendBytesMax: 1_024 * KIB,
  sendQueueCountMax: 1_024,
  sendQueueBytesMax: 8 * KIB * KIB,
  sendRatePerSecond: 2_000,
  sendBurst: 4_000,
  signalBytesMax: 32 * KIB,
  signalRatePerSecond: 200,
  signalBurst: 1_024,

  requestBytesMax: 64 * KIB,
  responseFrameBytesMax: 1_024 * KIB,
  responseBytesMax: 64 * KIB * KIB,
  responsePauseMs: 10 * SECOND,
  requestRatePerSecond: 20,
  requestBurst: 60,
  responsesPerPeerMax: 8,
  responsesMax: 64,

  helloBytesMax: 1 * KIB,
  helloTimeoutMs: 5 * SECOND,
  refusedPauseMs: 5 * MINUTE,

  connectionsMax: 64,
  inboundConnectionsPerSecond: 50,
  negotiationTimeoutMs: 2 * SECOND,
  dialTimeoutMs: 5 * SECOND,
  yamuxWindowBytes: 256 * KIB,

  banReputation: -100,
  banMs: 30 * MINUTE,
  reputationHalfLifeMs: 10 * MINUTE,
  reputationCountMax: 4_096,
  rejectPoints: 5,

  watchdogTickMs: 1 * SECOND,
  watchdogBadTicks: 2,
  redialMsMin: 100,
  redialMsMax: 30 * SECOND,
  dialDeferMs: 150,
  forgetMs: 60 * MINUTE,
}
