import { Body, Controller, Post } from '@nestjs/common';
import { Requires } from '../../../src/identity/requires.js';
import { type Answer } from '../../../src/platform/http/answer.js';
import { NothingBody } from './body.js';

@Controller('v1/nothing')
export class NothingController {
  @Post()
  @Requires('post-transfers')
  post(@Body() body: NothingBody): Answer<{ readonly id: string }> {
    return { data: { id: body.id } };
  }
}
