/** The only door to the server. Types come from the OpenAPI file, so front and back cannot drift. */
import createClient from 'openapi-fetch';
import type { paths } from './schema';

/** What went wrong with a call, as far as a reader needs to know. */
export type Failure = 'unauthenticated' | 'forbidden' | 'not_found' | 'refused' | 'busy' | 'unavailable' | 'offline';

/** A call that did not succeed. Screens turn its `failure` into a sentence. */
export class ApiError extends Error {
  constructor(
    readonly failure: Failure,
    readonly status: number,
  ) {
    super(failure);
  }
}

/** The failure that belongs to an HTTP status. */
export function failureOf(status: number): Failure {
  switch (status) {
    case 401:
      return 'unauthenticated';
    case 403:
      return 'forbidden';
    case 404:
      return 'not_found';
    case 429:
      return 'busy';
    default:
      return status >= 500 ? 'unavailable' : 'refused';
  }
}

/** Calls by path and method; use with [`answer`]. */
export const api = createClient<paths>({ baseUrl: '', credentials: 'same-origin' });

interface Result<T> {
  data?: T;
  response: Response;
}

/** The body of a call, or an [`ApiError`]. */
export async function answer<T>(call: Promise<Result<T>>): Promise<T> {
  const result = await call.catch((error: unknown) => {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new ApiError('offline', 0);
  });
  if (!result.response.ok) throw new ApiError(failureOf(result.response.status), result.response.status);
  return result.data as T;
}

/** The failure in an error, whatever was thrown. */
export function failure(error: unknown): Failure {
  return error instanceof ApiError ? error.failure : 'unavailable';
}

/** Whether a call was only broken off because its answer is no longer wanted. */
export function isAbort(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}
