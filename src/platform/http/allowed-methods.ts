// Which methods a path takes, so that the wrong one is told apart from the wrong path.

export interface Route {
  readonly method: string;
  /** As it was declared: `/v1/ledgers/:ledger`. */
  readonly path: string;
}

/** Remembers routes as they are declared; answers for a path as it was asked. */
export class AllowedMethods {
  private readonly routes: { readonly method: string; readonly pattern: RegExp }[] = [];

  add({ method, path }: Route): void {
    const segments = path
      .split('/')
      .map((part) => (part.startsWith(':') ? '[^/]+' : escaped(part)));
    this.routes.push({ method, pattern: new RegExp(`^${segments.join('/')}/?$`) });
  }

  /** Empty when there is nothing at this path. */
  at(path: string): string[] {
    const methods = this.routes.filter(({ pattern }) => pattern.test(path));
    return [...new Set(methods.map(({ method }) => method))].sort();
  }
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
