// For whoever watches the process: whether it runs, and whether it could answer now.
import { Controller, Get, Inject } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Answer } from './answer.js';
import { ApiError } from './api-error.js';
import { Public } from './public.js';

/** What the service depends on. `problem` resolves, in bounded time, to what is wrong, if anything. */
export interface Dependency {
  readonly name: string;
  readonly problem: () => Promise<string | undefined>;
}
export const DEPENDENCIES = Symbol('dependencies');

@ApiTags('Operation')
@Public()
@Controller()
export class HealthController {
  constructor(@Inject(DEPENDENCIES) private readonly dependencies: readonly Dependency[]) {}

  @Get('health')
  @ApiOperation({ summary: 'Whether the process runs' })
  health(): Answer<{ status: string }> {
    return { data: { status: 'live' } };
  }

  @Get('ready')
  @ApiOperation({ summary: 'Whether it could answer commands and queries now' })
  async ready(): Promise<Answer<{ status: string }>> {
    const checked = await Promise.all(
      this.dependencies.map(async ({ name, problem }) => ({ name, problem: await problem() })),
    );
    const missing = checked.filter(({ problem }) => problem !== undefined);
    if (missing.length === 0) return { data: { status: 'ready' } };
    const names = missing.map(({ name }) => name).join(' and ');
    throw new ApiError('NOT_READY', `Not ready: ${names}.`, { details: { missing } });
  }
}
