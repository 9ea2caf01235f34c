import { randomUUID } from 'node:crypto'
import { type Message, type Part, Role } from '@a2a-js/sdk'
import { formatJson } from '../../json.ts'

/** What the node says: a sentence for people, and the same as data. */
export interface Saying {
  readonly sentence: string
  readonly body: Readonly<Record<string, unknown>>
}

export function agentMessage(
  { sentence, body }: Saying,
  place: Pick<Message, 'taskId' | 'contextId'>,
): Message {
  return {
    messageId: randomUUID(),
    ...place,
    role: Role.ROLE_AGENT,
    parts: [textPart(sentence), dataPart(body)],
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  }
}

/** An amount as decimal text. */
export function dataPart(value: unknown): Part {
  return {
    content: { $case: 'data', value: JSON.parse(formatJson(value)) },
    metadata: undefined,
    filename: '',
    mediaType: 'application/json',
  }
}

function textPart(value: string): Part {
  return {
    content: { $case: 'text', value },
    metadata: undefined,
    filename: '',
    mediaType: 'text/plain',
  }
}
