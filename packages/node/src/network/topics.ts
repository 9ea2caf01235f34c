import { createHash } from 'node:crypto'
import type { TopicName } from './port.ts'
import { TOPIC_NAMES } from './port.ts'

/** Characters of the network id that a topic carries. The handshake compares the whole id; this is a label. */
const NETWORK_LABEL_SIZE = 16

/** [WIRE-1] `commonweal/1/<first 16 characters of the network id>/<name>`. */
export function formatTopic(networkId: string, name: TopicName): string {
  return `commonweal/1/${networkId.slice(0, NETWORK_LABEL_SIZE)}/${name}`
}

/** The network's topics by their full text. */
export function createTopicTable(networkId: string): ReadonlyMap<string, TopicName> {
  return new Map(TOPIC_NAMES.map((name) => [formatTopic(networkId, name), name]))
}

/**
 * [WIRE-7] The id under which gossip knows a message: sha256(topic ‖ data). It depends on the content alone, so an
 * author cannot show two halves of the network different messages under one id.
 */
export function computeGossipId(topic: string, data: Uint8Array): Uint8Array {
  return createHash('sha256').update(topic).update(data).digest()
}
