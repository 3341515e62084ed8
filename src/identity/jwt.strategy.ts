// Verifies bearer tokens, through passport-jwt, with one key and the algorithms that fit it, no others.
import { Injectable } from '@nestjs/common';
import { PassportStrategy } from '@nestjs/passport';
import { ExtractJwt, Strategy, type StrategyOptionsWithoutRequest } from 'passport-jwt';
import { type Identity, identityOf } from './identity.js';
import { type TokenVerification, keyFor } from './verification-key.js';

@Injectable()
export class JwtStrategy extends PassportStrategy(Strategy, 'jwt') {
  constructor(verification: TokenVerification) {
    super(optionsFor(verification));
  }

  /** Null, which the guard answers, for a verified token that is not meant for Daybook. */
  validate(claims: unknown): Identity | null {
    return identityOf(claims);
  }
}

function optionsFor({ key, issuer, audience }: TokenVerification): StrategyOptionsWithoutRequest {
  return {
    jwtFromRequest: ExtractJwt.fromAuthHeaderAsBearerToken(),
    ignoreExpiration: false,
    issuer,
    audience,
    ...keyFor(key),
  };
}
