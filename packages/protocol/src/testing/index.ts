export { type ForecastChoice, ForecastWorld, RECORDS, reporting } from './forecast-world.ts'
export { createGenesis, type GenesisChoice, writeGenesis } from './genesis.ts'
export { keyedHashSigner, keyedHashSignerOf, keyedHashVerify } from './keyed-hash.ts'
export {
  agentOf,
  COMMONS,
  LedgerWorld,
  type Oddity,
  shareOf,
  signerOf,
  type WorldChoice,
} from './ledger-world.ts'
export {
  type ForecastPolicy,
  SMALL_EPOCHS,
  type SmallDisk,
  type SmallPolicy,
  SmallWorld,
} from './small-world.ts'
