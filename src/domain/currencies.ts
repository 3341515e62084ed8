// ISO 4217: every currency with the number of its decimals, with ANG and BGN, lately withdrawn, so that
// books which hold them can still be kept. Funds codes and codes without a minor unit (XAU, XTS, ...)
// are left out: nothing is settled in them.

const CODES_BY_SCALE: Readonly<Record<number, string>> = {
  0: 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF',
  2: `AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD
    CAD CDF CHF CNY COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD
    GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD
    MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP
    PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS
    TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG`,
  3: 'BHD IQD JOD KWD LYD OMR TND',
  4: 'CLF UYW',
};

/** Decimals of each ISO 4217 currency, by code: JPY 0, USD 2, KWD 3. */
export const ISO_CURRENCY_SCALES: ReadonlyMap<string, number> = new Map(
  Object.entries(CODES_BY_SCALE).flatMap(([scale, codes]) =>
    codes.split(/\s+/).map((code): [string, number] => [code, Number(scale)]),
  ),
);

/** Decimals of a currency; undefined when it is neither in ISO 4217 nor among these assets. */
export function scaleAmong(
  assets: readonly { readonly code: string; readonly scale: number }[],
  currency: string,
): number | undefined {
  // What the ledger recorded wins: a code that ISO 4217 takes up later keeps the scale it was opened with.
  return assets.find(({ code }) => code === currency)?.scale ?? ISO_CURRENCY_SCALES.get(currency);
}

export const CURRENCY_EXPECTED =
  'an ISO 4217 code such as "EUR", or an asset registered when the ledger was opened';

/** What is wrong with a code for which `scaleAmong` finds nothing. */
export function unknownCurrency(code: string): { problem: string; expected: string } {
  const problem = `"${code}" is neither an ISO 4217 currency nor an asset of this ledger`;
  return { problem, expected: CURRENCY_EXPECTED };
}
