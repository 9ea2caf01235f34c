import { type Message, Role } from '@a2a-js/sdk'
import { ContentTypeNotSupportedError, RequestMalformedError } from '@a2a-js/sdk/errors'
import { type Law, lawSchema, textSchema } from '@commonweal/protocol'
import { z } from 'zod'

/** What an agent outside says: the words are those of a negotiation. A text beside it is kept, and sets nothing. */
export type OutsideBody =
  /** What is there to negotiate about? */
  | { readonly kind: 'look' }
  /** Opens a talk: what does the agent propose? */
  | { readonly kind: 'cfp'; readonly subnet: string }
  /** Opens a talk with clauses, or answers with other ones. */
  | { readonly kind: 'propose'; readonly subnet: string; readonly law: Law }
  /** Takes what the agent proposed last. */
  | { readonly kind: 'accept-proposal'; readonly subnet: string }

const subnet = textSchema(64)

export const bodySchema: z.ZodType<OutsideBody, unknown> = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('look') }),
  z.strictObject({ kind: z.literal('cfp'), subnet }),
  z.strictObject({ kind: z.literal('propose'), subnet, law: lawSchema }),
  z.strictObject({ kind: z.literal('accept-proposal'), subnet }),
])

export const PART_COUNT_MAX = 4
/** All texts of a message together, in UTF-16 code units. */
export const TEXT_LENGTH_MAX = 4_096
/** Of an id that the agent outside chose. */
export const ID_LENGTH_MAX = 128

const ACCEPTED =
  'one data part with {"kind":"look"}, {"kind":"cfp","subnet":…}, {"kind":"propose","subnet":…,"law":{"clauses":[…]}} or {"kind":"accept-proposal","subnet":…}'

/**
 * What a message says; null where it has no data part.
 *
 * Errors  RequestMalformedError 'malformed-message' · 'malformed-body' · ContentTypeNotSupportedError 'unsupported-part'
 */
export function readBody(message: Message): OutsideBody | null {
  const { parts, role, messageId, contextId, taskId } = message
  if (role !== Role.ROLE_USER) throw malformedMessage('its role is not that of a user')
  if (messageId === '') throw malformedMessage('it has no message id')
  if ([messageId, contextId, taskId].some(({ length }) => length > ID_LENGTH_MAX)) {
    throw malformedMessage(`an id is longer than ${ID_LENGTH_MAX} characters`)
  }
  if (parts.length === 0 || parts.length > PART_COUNT_MAX) {
    throw malformedMessage(`it has ${parts.length} parts; accepted: 1 to ${PART_COUNT_MAX}`)
  }
  const values: unknown[] = []
  let textLength = 0
  for (const { content } of parts) {
    if (content?.$case === 'data') values.push(content.value)
    else if (content?.$case === 'text') textLength += content.value.length
    else {
      throw new ContentTypeNotSupportedError({
        message: 'a part is neither text nor data',
        metadata: { code: 'unsupported-part' },
      })
    }
  }
  if (textLength > TEXT_LENGTH_MAX) {
    throw malformedMessage(`its texts have ${textLength} characters; accepted: ${TEXT_LENGTH_MAX}`)
  }
  if (values.length > 1) throw malformedMessage('it has more than one data part')
  return values.length === 0 ? null : parseBody(values[0])
}

function parseBody(value: unknown): OutsideBody {
  const parsed = bodySchema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const where = (issue?.path ?? []).map(String).join('.')
  throw new RequestMalformedError({
    message: `${where === '' ? 'the body' : where}: ${issue?.message ?? 'another shape'}; accepted: ${ACCEPTED}`,
    metadata: { code: 'malformed-body' },
  })
}

function malformedMessage(sentence: string): Error {
  return new RequestMalformedError({
    message: `the message cannot be read: ${sentence}`,
    metadata: { code: 'malformed-message' },
  })
}

/** The message without what nobody here reads. */
export function trimMessage(
  message: Message,
  place: Pick<Message, 'taskId' | 'contextId'>,
): Message {
  const { messageId, role, parts } = message
  return {
    messageId,
    ...place,
    role,
    parts: parts.map(({ content, mediaType }) => ({
      ...(content === undefined ? {} : { content }),
      metadata: undefined,
      filename: '',
      mediaType: mediaType.slice(0, ID_LENGTH_MAX),
    })),
    metadata: undefined,
    extensions: [],
    referenceTaskIds: [],
  }
}
