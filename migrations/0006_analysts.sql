-- Who may read the schema "reporting", and nothing else.

-- When the last event was applied, by the clock of this server.
ALTER TABLE daybook.checkpoint ADD COLUMN applied_at timestamptz;

-- Lets the role daybook_analyst read every view of "reporting" and call every function. Called whenever
-- the views are made anew; may be called at any time. Answers null, or with what is in the way.
CREATE FUNCTION daybook.admit_analysts() RETURNS text LANGUAGE plpgsql AS $function$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'daybook_analyst') THEN
    BEGIN
      CREATE ROLE daybook_analyst NOLOGIN;
    EXCEPTION
      WHEN insufficient_privilege THEN
        RETURN format('The database user %I may not create the role daybook_analyst.', current_user);
      -- Roles are shared by all databases of a server: another one may just have made it.
      WHEN duplicate_object OR unique_violation THEN NULL;
    END;
  END IF;
  GRANT USAGE ON SCHEMA reporting TO daybook_analyst;
  GRANT SELECT ON ALL TABLES IN SCHEMA reporting TO daybook_analyst;
  REVOKE EXECUTE ON ALL FUNCTIONS IN SCHEMA reporting FROM PUBLIC;
  GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA reporting TO daybook_analyst;
  RETURN NULL;
END $function$;

SELECT daybook.admit_analysts();
