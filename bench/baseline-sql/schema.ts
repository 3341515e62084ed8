// Tables of a transfer service as most teams lay them out. Amounts and balances are whole cents.

export const SCHEMA = `
  CREATE TABLE account (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ledger text NOT NULL,
    address text NOT NULL,
    type text NOT NULL,
    currency text NOT NULL,
    overdraft_limit bigint,
    balance bigint NOT NULL DEFAULT 0,
    version bigint NOT NULL DEFAULT 1,
    UNIQUE (ledger, address)
  ) WITH (fillfactor = 70);

  CREATE TABLE transfer (
    number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    ledger text NOT NULL,
    id text NOT NULL,
    currency text NOT NULL,
    effective_at timestamptz NOT NULL,
    recorded_at timestamptz NOT NULL,
    reference text,
    description text,
    metadata jsonb,
    UNIQUE (ledger, id)
  );

  CREATE TABLE entry (
    transfer bigint NOT NULL REFERENCES transfer,
    account bigint NOT NULL REFERENCES account,
    side text NOT NULL CHECK (side IN ('debit', 'credit')),
    amount bigint NOT NULL CHECK (amount > 0),
    balance bigint NOT NULL,
    version bigint NOT NULL,
    PRIMARY KEY (account, transfer)
  );
  CREATE INDEX ON entry (transfer);
`;
