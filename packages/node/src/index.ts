export * from './agent/index.ts'
export type { ContractView } from './api/contract-view.ts'
export { TOKEN_FILE } from './api/guard.ts'
export type { LedgerView } from './api/ledger-view.ts'
export {
  type Bundle,
  type BundleCode,
  BundleError,
  type Checkpoint,
  readBundle,
  readCheckpoint,
  writeBundle,
} from './bundle.ts'
export {
  type ConfigFile,
  type JoinConfig,
  type KeyConfig,
  type LogLevel,
  loadConfig,
  type NodeConfig,
} from './config.ts'
export { createNodeSigner, createNodeVerify } from './crypto.ts'
export { ConfigError, type ErrorFacts, OperationalError } from './errors.ts'
export { formatGenesis, loadGenesis, parseGenesis } from './genesis-file.ts'
export { MessageIntake } from './intake.ts'
export { type Joined, type JoinOptions, joinNetwork } from './join.ts'
export { type Claim, JoinError, type JoinErrorCode } from './join-error.ts'
export { formatJson } from './json.ts'
export {
  createLocalGenesis,
  createLocalSigners,
  LOCAL_INSTANCE,
  type LocalGenesisOptions,
} from './local/genesis.ts'
export { type Judgement, Loop, type LoopOptions, type Outward, type Stimulus } from './loop.ts'
export { createHost } from './network/host.ts'
export type { Host, HostOptions, PeerView } from './network/port.ts'
export { type Node, startNode } from './node.ts'
export type { NodeEvent } from './node-event.ts'
export type { NodeParts } from './node-parts.ts'
export type { InstanceStatus, NodeStatus } from './node-status.ts'
export {
  type ClockPort,
  type EpochEnd,
  type EventQuery,
  type LogPort,
  type ReplicaPort,
  type Restored,
  SNAPSHOTS_KEPT,
  type StoredEvent,
  type StoredPeer,
  type StoredReceipt,
  type StoredSnapshot,
  type StoredTurn,
  type StorePort,
  type StoreWrite,
} from './ports.ts'
export { EXIT, type Ready } from './ready.ts'
export { openReplica } from './replica-port.ts'
export { createNegotiationSituation, createSituation } from './situation.ts'
export { createMemoryStore } from './store/memory.ts'
export { KEEP_EPOCHS_MIN, PRUNE_BLOCKS_MAX } from './store/progress.ts'
export { epochOfRecord } from './store/record.ts'
export { openSqliteStore, type SqliteStoreOptions } from './store/sqlite.ts'
export { type StoreCode, StoreError } from './store/store-error.ts'
export type { Submitted } from './submissions.ts'
export { CatchUp } from './sync/catch-up.ts'
export { JOIN_PEERS_MAX } from './sync/peer-heads.ts'
export { type PeerBook, PeerPool } from './sync/peer-pool.ts'
export { catchUpBySnapshot } from './sync/snapshot-catch-up.ts'
export { type RequestPort, SyncClient } from './sync/sync-client.ts'
