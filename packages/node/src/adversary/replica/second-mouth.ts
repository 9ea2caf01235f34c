import { emptyPool } from '@commonweal/protocol'
import type { StateChange } from '../../replica-port.ts'

/** So that both mouths of a replica propose different blocks wherever there is something to propose. */
export const dropPool: StateChange = (replica) => ({ ...replica, pool: emptyPool() })
