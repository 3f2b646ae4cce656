-- A case is stored only as its trail tells it: at commit, its newest event must have the row's state and version.
CREATE FUNCTION public.trail_case() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS $$
DECLARE
    told record;
    stored record;
BEGIN
    SELECT target, version INTO told FROM public.workflow_event
    WHERE subject_type = TG_ARGV[0] AND subject_id = NEW.id ORDER BY position DESC LIMIT 1;
    IF told.target = NEW.state AND told.version = NEW.version THEN
        RETURN NULL;
    END IF;
    -- A row that was changed again in the same transaction, or removed, is checked as it was left, not as it was between.
    EXECUTE format('SELECT state, version FROM %I.%I WHERE id = $1', TG_TABLE_SCHEMA, TG_TABLE_NAME)
    INTO stored USING NEW.id;
    IF stored.state = NEW.state AND stored.version = NEW.version THEN
        RAISE EXCEPTION 'The trail does not tell how % % came to be "%", version %.',
            TG_ARGV[0], NEW.number, NEW.state, NEW.version USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NULL;
END
$$;

-- A new kind of case is put under watch by one line of its migration: SELECT trail_watch('its_table', 'its CASE_TYPE').
CREATE FUNCTION public.trail_watch(cases regclass, case_type text) RETURNS void
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
    EXECUTE format(
        'CREATE CONSTRAINT TRIGGER trail_case AFTER INSERT OR UPDATE OF id, state, version ON %s'
        ' DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.trail_case(%L)', cases, case_type
    );
END
$$;
REVOKE EXECUTE ON FUNCTION public.trail_watch(regclass, text) FROM PUBLIC;
