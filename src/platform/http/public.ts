import { SetMetadata } from '@nestjs/common';

export const PUBLIC = 'daybook:public';

/** A handler that needs no token: health checks. */
export function Public() {
  return SetMetadata(PUBLIC, true);
}
