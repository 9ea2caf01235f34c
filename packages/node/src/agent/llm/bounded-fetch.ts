import { ModelFailure } from './model-failure.ts'

/** Largest body of a response, in bytes: a reply of a few thousand tokens has a few ten thousand. */
export const RESPONSE_SIZE_MAX: number = 256 * 1024

/**
 * `fetch` that reads no more than RESPONSE_SIZE_MAX of a body.
 *
 * Errors  ModelFailure 'reply-too-large' when the body is read.
 */
export const boundedFetch: typeof fetch = async (input, init) => {
  const response = await fetch(input, init)
  if (response.body === null) return response
  let size = 0
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        size += chunk.length
        if (size > RESPONSE_SIZE_MAX) {
          throw new ModelFailure(
            'reply-too-large',
            `a response has more than ${RESPONSE_SIZE_MAX} bytes`,
          )
        }
        controller.enqueue(chunk)
      },
    }),
  )
  const { status, statusText, headers } = response
  return new Response(counted, { status, statusText, headers })
}
