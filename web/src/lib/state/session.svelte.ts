/** Who is signed in, and the release they look at. */
import { answer, api, ApiError, failure, type Failure } from '../api/client';
import type { ReleaseDescription, Session } from '../api/types';
import { forgetAreas } from './areas';

class SessionState {
  /** `undefined` until the server has said whether there is a session. */
  user = $state<Session | null | undefined>(undefined);
  release = $state.raw<ReleaseDescription | null>(null);
  failure = $state<Failure | null>(null);

  /** Asks the server who is signed in, and if someone is, for the release. */
  async start(): Promise<void> {
    try {
      await this.#enter(await answer<Session>(api.GET('/api/session')));
    } catch (error) {
      this.#fail(error);
    }
  }

  /** Signs in; gives the failure, or null when it went well. */
  async signIn(name: string, password: string): Promise<Failure | null> {
    try {
      await this.#enter(await answer<Session>(api.POST('/api/session', { body: { name, password } })));
      return null;
    } catch (error) {
      return failure(error);
    }
  }

  /** Signs out and forgets what was loaded. */
  async signOut(): Promise<void> {
    await api.DELETE('/api/session').catch(() => undefined);
    this.end();
  }

  /** The session has ended: by signing out, or because the server says so. */
  end(): void {
    this.user = null;
    this.release = null;
    forgetAreas();
  }

  async #enter(user: Session): Promise<void> {
    this.failure = null;
    this.release = await answer<ReleaseDescription>(api.GET('/api/release'));
    this.user = user;
  }

  #fail(error: unknown): void {
    this.user = null;
    if (!(error instanceof ApiError && error.failure === 'unauthenticated')) this.failure = failure(error);
  }
}

export const session = new SessionState();
