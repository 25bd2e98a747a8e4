/** Something that is asked from the server, with what to show while it is not there. */
import { failure, isAbort, type Failure } from '../api/client';
import { session } from './session.svelte';

export class Resource<T> {
  value = $state.raw<T | null>(null);
  failure = $state<Failure | null>(null);
  busy = $state(false);
  #running: AbortController | null = null;

  /** Asks again; an earlier question that is still open is broken off. The old value stays until then. */
  async load(ask: (signal: AbortSignal) => Promise<T>): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    this.busy = true;
    try {
      const value = await ask(running.signal);
      if (!running.signal.aborted) this.#settle(value, null);
    } catch (error) {
      if (!running.signal.aborted && !isAbort(error)) this.#settle(null, failure(error));
    }
  }

  /** Forgets the value. */
  clear(): void {
    this.#running?.abort();
    this.#settle(null, null);
  }

  #settle(value: T | null, failed: Failure | null): void {
    this.value = value;
    this.failure = failed;
    this.busy = false;
    if (failed === 'unauthenticated') session.end();
  }
}
