export { type ActCode, type HiddenAction, sealDigest } from './chain/act.ts'
export type { AgreementCode } from './chain/agreement.ts'
export type { InclusionCode } from './chain/apply-transaction.ts'
export { computeChainTotals } from './chain/conserve.ts'
export type { ChainContext } from './chain/context.ts'
export type {
  ChainEvent,
  Offence,
  OutcomeClaim,
  Phase,
  QuestionStage,
  ScoredWeight,
} from './chain/event.ts'
export type { EvidenceCode } from './chain/evidence.ts'
export {
  type BlockCode,
  buildBlock,
  type ChainState,
  executeBlock,
} from './chain/execute-block.ts'
export type { ForecastCode } from './chain/forecast/apply.ts'
export {
  type Dispute,
  type Entry,
  entries,
  entriesOf,
  entryKey,
  type Lock,
  locks,
  type Market,
  marketOf,
  type Question,
  questions,
  type SealedStatement,
  type Stage,
  streams,
} from './chain/forecast/market.ts'
export { statementDigest } from './chain/forecast/statement.ts'
export { type StatementDuty, statementDuties } from './chain/forecast/statement-duty.ts'
export { streamOf } from './chain/forecast/stream.ts'
export { verdictDigest } from './chain/forecast/verdict.ts'
export { createGenesisLedger, type GenesisCode } from './chain/genesis-ledger.ts'
export { type Head, headOf } from './chain/head.ts'
export {
  type Agreement,
  agreements,
  formationQuorum,
  instances,
  type Run,
  rows,
  rowsOf,
  runs,
  type SeatAct,
  subnetStates,
} from './chain/instance.ts'
export type { Receipt } from './chain/receipt.ts'
export type { SeatCode } from './chain/seat.ts'
export type { ShareCode } from './chain/share.ts'
export { shareDigest } from './chain/share.ts'
export type { ValueCode } from './chain/value.ts'
export { DEPTH_MAX, type DecodeRefusal, decode, encode } from './codec/cbor.ts'
export { type Cid, cidOf, isCid } from './codec/cid.ts'
export {
  type Digest,
  digestBytes,
  digestOf,
  digestOfHash,
  fromHex,
  hashOf,
  isDigest,
  toHex,
} from './codec/digest.ts'
export { KEY_SIZE_MAX, Tree } from './codec/tree.ts'
export type { Application, Prepared, Slot } from './consensus/application.ts'
export {
  ancestryDigestOf,
  blockIdOf,
  checkBlockBody,
  transactionsDigestOf,
} from './consensus/block.ts'
export { type CertificateCode, verifyCertificate } from './consensus/certificate.ts'
export type {
  ConsensusEffect,
  ConsensusFrame,
  ConsensusRecord,
  VoteEvidence,
} from './consensus/effect.ts'
export { checkVoteEvidence, type VoteConviction, type VoteOffence } from './consensus/evidence.ts'
export { createSchedule, leaderOf, type Schedule } from './consensus/leader.ts'
export { restore as restoreSimplex } from './consensus/restore.ts'
export * as simplex from './consensus/simplex.ts'
export type { ConsensusContext, ConsensusParameters, Simplex } from './consensus/state.ts'
export {
  checkValidatorSet,
  chooseValidators,
  type Electorate,
  hasQuorum,
} from './consensus/validators.ts'
export { describeLaw } from './contract/describe.ts'
export {
  type BoundLaw,
  createLawState,
  type Enforcement,
  type EnforcementRecord,
  enforceSettlement,
  enforceSubmission,
  type LawState,
  settleEnd,
  totalHeldMicro,
} from './contract/enforcement.ts'
export {
  compile,
  type Expression,
  type ExpressionRefusal,
  evaluate,
} from './contract/expression.ts'
export {
  computeVariables,
  type Language,
  type ObservableValue,
  type ValueType,
  type View,
} from './contract/language.ts'
export { type CompiledLaw, checkLaw, type LawRefusal, namesRead } from './contract/law.ts'
export {
  type Clause,
  type Law,
  lawSchema,
  type Terms,
  termsCid,
  termsSchema,
} from './contract/terms.ts'
export {
  type EarningQuestion,
  type EmissionShares,
  type Payment,
  shareEmission,
} from './emission/emission-share.ts'
export {
  computeFlow,
  FLOW_DUST_MICRO,
  FLOW_WAVE_COUNT_MAX,
  type Flow,
  type FlowTransfer,
} from './emission/flow.ts'
export { computeKellyScores, type KellyEntry } from './emission/kelly-score.ts'
export { LOG_TABLE_DIGEST, logLoss, logTableDigest, WHOLE_BPS } from './emission/log-table.ts'
export {
  checkReport,
  type Report,
  type ReportCode,
  reportFloorBps,
} from './emission/report.ts'
export {
  EMISSION_TOTAL_MICRO_MAX,
  type EmissionSchedule,
  emissionOf,
  emissionScheduleSchema,
} from './emission/schedule.ts'
export {
  type QuestionToScore,
  type Reporter,
  type ScoredQuestion,
  type ScoredReporter,
  scoreQuestion,
  usefulness,
} from './emission/score-update.ts'
export {
  checkStream,
  STREAM_BPS_MAX,
  STREAM_RECEIVER_COUNT_MAX,
  type StreamCode,
  type StreamShare,
  type StreamShares,
  streamSharesSchema,
} from './emission/stream.ts'
export {
  type ClosedLock,
  closeLock,
  topUpLock,
  type WeightLock,
} from './emission/weight-lock.ts'
export { firstBeacon, nextBeacon, seededShare } from './epoch/beacon.ts'
export {
  type Binding,
  type ContractMode,
  type Genesis,
  genesisSchema,
  type InstanceGenesis,
  networkIdOf,
  PROTOCOL_VERSION,
} from './genesis.ts'
export {
  type AgentId,
  agentIdOf,
  agentIdOfPeer,
  compareAgents,
  isAgentId,
  parseAgentId,
  peerIdOf,
  publicKeyOf,
} from './identity/agent-id.ts'
export { createNobleSigner, nobleVerify, secretKeyOf } from './identity/noble.ts'
export {
  checkStrictEncoding,
  createVerify,
  deriveSecret,
  type Signer,
  type StrictEncodingRefusal,
  signingBytes,
  type Verify,
} from './identity/signature.ts'
export { InvariantError, invariant, present } from './invariant.ts'
export { type Account, accountOf, accounts } from './ledger/account.ts'
export { computeTotals, type Totals } from './ledger/conserve.ts'
export { createTable, emptyLedger, type Ledger, type Table } from './ledger/draft.ts'
export { type Hold, holds, type Treasury, treasuryOf } from './ledger/money.ts'
export {
  type Block,
  type BlockBody,
  blockSchema,
  type Certificate,
  certificateSchema,
  type Header,
  headerSchema,
  type Proposal,
  type Validator,
  type ValidatorSet,
  type Vote,
} from './message/consensus.ts'
export {
  type OpenCode,
  type OpenContext,
  open,
  openAs,
  seal,
  type Verified,
  verifyMessage,
} from './message/envelope.ts'
export {
  type DataRecord,
  type Finding,
  type ForecastBody,
  forecastShapes,
  OUTCOME_COUNT_MAX,
  type QuestionBody,
  questionSchema,
  type Resolver,
  recordSchema,
  resolverSchema,
  type Statement,
  statementSchema,
} from './message/forecast.ts'
export {
  MESSAGE_SIZE_MAX,
  type Message,
  type MessageKind,
  messageSchemas,
} from './message/message.ts'
export type { ReasonCode } from './message/negotiation.ts'
export {
  SYNC_FRAME_SIZE_MAX,
  SYNC_REQUEST_SIZE_MAX,
  type SyncFrame,
  type SyncRequest,
  syncFrameSchema,
  syncRequestSchema,
} from './message/sync.ts'
export {
  isTransaction,
  type Transaction,
  type TransactionBody,
  type TransactionKind,
  transactionSchemas,
} from './message/transaction.ts'
export type { TurnTaken } from './negotiation/conversation.ts'
export {
  defaultQuorum,
  holdersOf,
  speakerOf,
  startTurns,
  TURNS_DEFAULT,
  type TurnCode,
  type TurnMove,
  type TurnRules,
  type TurnState,
  takeTurn,
} from './negotiation/turns.ts'
export type { Command, Move as ReplicaMove } from './replica/command.ts'
export type {
  AgentQuestion,
  Effect,
  FinalBlock,
  JournalRecord,
  Snapshot,
  Standing,
  Topic,
} from './replica/effect.ts'
export type { Input } from './replica/input.ts'
export {
  type JoinCode,
  type TrustedEpoch,
  trustGenesis,
  verifyEpochChain,
  verifyFinal,
  verifySnapshot,
} from './replica/join.ts'
export { emptyPool, REPLACEMENT_FEE_PERCENT } from './replica/mempool.ts'
export {
  createReplica,
  describeReplica,
  nextDeadlineMs,
  type ReplicaStep,
  type ReplicaView,
  step,
} from './replica/replica.ts'
export { restoreReplica, type Saved } from './replica/restore.ts'
export { answerSync, type CertifiedHeader, type ChainSource } from './replica/serve.ts'
export { finalLedger, type Replica, type ReplicaContext } from './replica/state.ts'
export {
  type AssertionToSettle,
  type SettledAssertion,
  settleAssertion,
} from './resolution/assertion.ts'
export {
  checkRecord,
  createDataset,
  type Dataset,
  datasetRoot,
  proveRecord,
  type RecordClaim,
  type RecordCode,
} from './resolution/dataset.ts'
export { flippingBudgetMicro } from './resolution/flipping-budget.ts'
export { drawJury, type Juror, type JuryToDraw } from './resolution/jury-draw.ts'
export {
  atRiskMicro,
  atRiskPpm,
  JURY_ROUND_COUNT_MAX,
  type JuriesToSettle,
  type SeatedJury,
  type SettledJuries,
  type SettledJuror,
  settleJuries,
} from './resolution/jury-settle.ts'
export { type JurorVerdict, type Tally, tallyVerdicts } from './resolution/jury-tally.ts'
export {
  checkResolver,
  type RecordResolver,
  type Resolution,
  type ResolverCode,
  resolveRecord,
  type VoidReason,
} from './resolution/resolver.ts'
export {
  type Facts,
  ignore,
  ok,
  type Rejection,
  type Result,
  reject,
  type Verdict,
} from './result.ts'
export {
  agentIdSchema,
  amountSchema,
  cidSchema,
  digestSchema,
  naturalSchema,
  TOKEN_MICRO,
  textSchema,
} from './schema/atoms.ts'
export { commons } from './subnet/commons/commons.ts'
export {
  type CommonsMetrics,
  computeEquality,
  computeMetrics,
  computeSurvivalRate,
  computeTotalCatches,
} from './subnet/commons/metrics.ts'
export {
  CAPACITY_MAX,
  type CommonsParams,
  commonsParamsSchema,
  type LanguageClass,
  REQUEST_MAX,
  type Regeneration,
  SEAT_COUNT_MAX,
  valuePercentOf,
} from './subnet/commons/params.ts'
export { signalRate } from './subnet/commons/regeneration.ts'
export type { CommonsOutcome, CommonsRow, CommonsState, Regime } from './subnet/commons/state.ts'
export { computeSustainableShare, seededValuesPercent } from './subnet/commons/value.ts'
export { game } from './subnet/game/game.ts'
export { signalState } from './subnet/game/hidden-state.ts'
export {
  actionCountOf,
  baseOf,
  type GameLanguage,
  type GameParams,
  gameParamsSchema,
  type HiddenStateGame,
  type MatrixGame,
  type PayoffMatrix,
} from './subnet/game/params.ts'
export { computeGainMax, computePairPayoffs, computeStatePayoffs } from './subnet/game/payoff.ts'
export type { GameOutcome, GameRow, GameState } from './subnet/game/state.ts'
export { createStream, type Stream } from './subnet/randomness.ts'
export { type AnySubnet, builtInSubnets } from './subnet/registry.ts'
export {
  type LawEnforcer,
  type LawOutcome,
  type RoundInput,
  type RoundLaw,
  type SettledRound,
  settleRound,
} from './subnet/settle.ts'
export type { PlayedAction, RoundRandomness, SeatAction, Subnet } from './subnet/subnet.ts'
