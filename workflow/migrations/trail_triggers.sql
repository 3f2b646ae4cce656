-- The chain: position, time, previous hash and hash are set here, whatever the writer says.
CREATE FUNCTION trail_field(value text) RETURNS bytea LANGUAGE sql IMMUTABLE AS $$
    SELECT CASE WHEN value IS NULL THEN convert_to('-;', 'UTF8')
           ELSE convert_to(octet_length(value)::text || ':' || value || ';', 'UTF8') END
$$;

CREATE FUNCTION trail_chain() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    INSERT INTO workflow_chainhead AS head (subject_type, subject_id, length, hash)
    VALUES (NEW.subject_type, NEW.subject_id, 1, '')
    ON CONFLICT (subject_type, subject_id) DO UPDATE SET length = head.length + 1
    RETURNING head.length, head.hash INTO NEW.position, NEW.previous;
    NEW.at := clock_timestamp();
    NEW.hash := encode(sha256(
        trail_field(NEW.subject_type) || trail_field(NEW.subject_id::text) || trail_field(NEW.position::text)
        || trail_field(NEW.previous) || trail_field(NEW.number) || trail_field(NEW.action)
        || trail_field(NEW.source) || trail_field(NEW.target) || trail_field(NEW.version::text)
        || trail_field(NEW.actor_id::text) || trail_field(NEW.role) || trail_field(NEW.organisation_id::text)
        || trail_field(NEW.membership_id::text)
        || trail_field(to_char(NEW.at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'))
        || trail_field(NEW.details_digest)
    ), 'hex');
    UPDATE workflow_chainhead SET hash = NEW.hash
    WHERE subject_type = NEW.subject_type AND subject_id = NEW.subject_id;
    RETURN NEW;
END
$$;

CREATE TRIGGER trail_chain BEFORE INSERT ON workflow_event FOR EACH ROW EXECUTE FUNCTION trail_chain();

CREATE FUNCTION trail_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'The audit trail is never changed: % on % is refused.', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'insufficient_privilege';
END
$$;

CREATE TRIGGER trail_refuse BEFORE UPDATE OR DELETE ON workflow_event FOR EACH ROW EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON workflow_event EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_refuse BEFORE UPDATE ON workflow_eventdetails FOR EACH ROW EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON workflow_eventdetails EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_refuse BEFORE DELETE ON workflow_chainhead FOR EACH ROW EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_refuse_truncate BEFORE TRUNCATE ON workflow_chainhead EXECUTE FUNCTION trail_refuse();
CREATE TRIGGER trail_refuse_update BEFORE INSERT OR UPDATE ON workflow_chainhead FOR EACH ROW
    WHEN (pg_trigger_depth() = 0) EXECUTE FUNCTION trail_refuse();
