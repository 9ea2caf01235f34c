import type { Cid } from '../codec/cid.ts'
import type { Genesis } from '../genesis.ts'
import type { Verify } from '../identity/signature.ts'
import type { AnySubnet } from '../subnet/registry.ts'

/** What applying blocks needs beside the ledger: constant for a network. */
export interface ChainContext {
  readonly genesis: Genesis
  readonly networkId: Cid
  readonly verify: Verify
  readonly subnets: ReadonlyMap<string, AnySubnet>
}
