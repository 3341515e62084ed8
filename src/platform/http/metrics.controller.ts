// For Prometheus: docs/operations.md says what each metric means.
import { Controller, Get, Header, Inject } from '@nestjs/common';
import { ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import { METRICS_CONTENT_TYPE, type MetricsPage } from '../metrics-page.js';
import { METRICS_PAGE } from '../injection-tokens.js';
import { Public } from './public.js';

@ApiTags('Operation')
@Public()
@Controller()
export class MetricsController {
  constructor(@Inject(METRICS_PAGE) private readonly page: MetricsPage) {}

  @Get('metrics')
  @Header('Content-Type', METRICS_CONTENT_TYPE)
  @ApiOperation({
    summary: 'Metrics, in the text format of Prometheus',
    description:
      'Of this process, of what it depends on, and of the read models. Answers also when the event ' +
      'store or Postgres does not: `daybook_dependency_up` is 0 then, and what it would tell is absent.',
  })
  @ApiResponse({
    status: 200,
    description: 'OK',
    content: {
      'text/plain': {
        schema: { type: 'string' },
        example:
          '# TYPE daybook_dependency_up gauge\ndaybook_dependency_up{dependency="postgres"} 1\n',
      },
    },
  })
  metrics(): Promise<string> {
    return this.page.read();
  }
}
