/** Which screen is shown: the address bar is the state. Links are ordinary links. */

/** A screen with what its address says. */
export type Route =
  | { screen: 'kaart' }
  | { screen: 'gebied'; level: string; code: string }
  | { screen: 'gebieden' }
  | { screen: 'signalen' }
  | { screen: 'waareerst' }
  | { screen: 'nietgebruik' }
  | { screen: 'voorspellen' }
  | { screen: 'haalbaarheid' }
  | { screen: 'privacy' }
  | { screen: 'inloggen' }
  | { screen: 'onbekend' };

function decode(part: string | undefined): string {
  try {
    return decodeURIComponent(part ?? '');
  } catch {
    return part ?? '';
  }
}

/** The route of a path. */
export function routeOf(path: string): Route {
  const [first, second, third, ...rest] = path.split('/').filter(Boolean);
  if (first === undefined) return { screen: 'kaart' };
  if (first === 'gebied' && second && third && rest.length === 0) {
    return { screen: 'gebied', level: decode(second), code: decode(third) };
  }
  if (second !== undefined) return { screen: 'onbekend' };
  if (first === 'gebied') return { screen: 'gebieden' };
  const known = [
    'kaart',
    'signalen',
    'waareerst',
    'nietgebruik',
    'voorspellen',
    'haalbaarheid',
    'privacy',
    'inloggen',
  ] as const;
  const screen = known.find((name) => name === first);
  return { screen: screen ?? 'onbekend' };
}

class Router {
  path = $state(location.pathname);
  search = $state(location.search);
  route = $derived(routeOf(this.path));

  constructor() {
    addEventListener('popstate', () => this.#read());
    document.addEventListener('click', (event) => this.#follow(event));
  }

  /** Goes to an address as if a link was followed. */
  go(address: string): void {
    history.pushState(null, '', address);
    this.#read();
  }

  /** Rewrites the address without a new step in the history. */
  replace(address: string): void {
    if (address === location.pathname + location.search) return;
    history.replaceState(null, '', address);
    this.#read();
  }

  #read(): void {
    this.path = location.pathname;
    this.search = location.search;
  }

  #follow(event: MouseEvent): void {
    const plain = event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!plain || event.defaultPrevented || !link || !this.#isOurs(link)) return;
    event.preventDefault();
    this.go(link.pathname + link.search);
  }

  #isOurs(link: HTMLAnchorElement): boolean {
    const inside = link.origin === location.origin && !link.pathname.startsWith('/api/');
    const within = link.hash !== '' && link.pathname === location.pathname;
    return inside && !within && !link.hasAttribute('download') && link.target === '';
  }
}

export const router = new Router();
