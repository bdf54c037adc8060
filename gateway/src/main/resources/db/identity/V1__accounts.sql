-- Who may come in. Every time in here comes from the gateway's clock as a parameter; the database's own is never asked.

-- Everyone who holds a name: accounts for good, guests until they expire. One table, so that one unique key keeps a guest
-- from carrying an account's name whoever comes first.
CREATE TABLE identity.account (
  id         text PRIMARY KEY,
  name       text NOT NULL,
  name_key   text NOT NULL UNIQUE,
  password   text,
  roles      text[] NOT NULL DEFAULT '{}',
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  CONSTRAINT guests_expire_and_accounts_have_passwords CHECK ((password IS NULL) = (expires_at IS NOT NULL))
);
CREATE INDEX account_expiry ON identity.account (expires_at) WHERE expires_at IS NOT NULL;

-- One sign-in. A refresh token is 'family' + 'secret', both stored hashed: whoever knows the family once had a real token
-- of it, so a wrong secret beside it is a token used twice, however old, and no list of old tokens is kept.
CREATE TABLE identity.session (
  id         text PRIMARY KEY,
  account_id text NOT NULL REFERENCES identity.account ON DELETE CASCADE,
  family     bytea NOT NULL UNIQUE,
  live       bytea[] NOT NULL,
  spent      bytea,
  spent_at   timestamptz,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL
);
CREATE INDEX session_account ON identity.session (account_id);
CREATE INDEX session_expiry ON identity.session (expires_at);

-- Carries the whole principal, so that redeeming is one statement and needs no account of ours behind it.
CREATE TABLE identity.ticket (
  hash            bytea PRIMARY KEY,
  user_id         text NOT NULL,
  name            text NOT NULL,
  roles           text[] NOT NULL,
  guest           boolean NOT NULL,
  session_id      text NOT NULL,
  principal_until timestamptz NOT NULL,
  expires_at      timestamptz NOT NULL
);
CREATE INDEX ticket_session ON identity.ticket (session_id);
CREATE INDEX ticket_expiry ON identity.ticket (expires_at);

CREATE TABLE identity.signing_key (
  kid        text PRIMARY KEY,
  public     bytea NOT NULL,
  private    bytea NOT NULL,
  signs_from timestamptz NOT NULL
);

-- How much of something is still allowed, as the time at which the bucket is full again. Losing it in a crash forgives.
CREATE UNLOGGED TABLE identity.allowance (
  bucket  text PRIMARY KEY,
  full_at timestamptz NOT NULL
);
CREATE INDEX allowance_full ON identity.allowance (full_at);

-- False when the name is taken. A guest's name is free when it has expired, or when its holder asks.
CREATE FUNCTION identity.create_account(
  p_id text, p_name text, p_name_key text, p_password text, p_now timestamptz, p_expires_at timestamptz, p_holder text
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  DELETE FROM identity.account
    WHERE name_key = p_name_key AND expires_at IS NOT NULL AND (expires_at <= p_now OR id = p_holder);
  INSERT INTO identity.account (id, name, name_key, password, created_at, expires_at)
    VALUES (p_id, p_name, p_name_key, p_password, p_now, p_expires_at)
    ON CONFLICT (name_key) DO NOTHING;
  RETURN FOUND;
END $$;

-- Takes a refresh token and puts the next in its place. The outcomes are 'rotated', 'unknown', 'expired' and 'reused';
-- the last has ended the session. Within the grace a token just spent gets a sibling instead: its answer was lost, or
-- two tabs asked at once.
CREATE FUNCTION identity.rotate_refresh_token(
  p_family bytea, p_secret bytea, p_next bytea, p_now timestamptz, p_spent_after timestamptz,
  p_account_until timestamptz, p_guest_until timestamptz, p_max_live integer,
  OUT outcome text, OUT session_id text, OUT user_id text, OUT user_name text, OUT user_roles text[], OUT is_guest boolean
) LANGUAGE plpgsql AS $$
DECLARE
  found_session identity.session;
  found_account identity.account;
BEGIN
  SELECT * INTO found_session FROM identity.session WHERE family = p_family FOR UPDATE;
  IF NOT FOUND THEN
    outcome := 'unknown';
    RETURN;
  END IF;
  SELECT * INTO STRICT found_account FROM identity.account WHERE id = found_session.account_id;
  session_id := found_session.id;
  user_id := found_account.id;
  user_name := found_account.name;
  user_roles := found_account.roles;
  is_guest := found_account.expires_at IS NOT NULL;
  IF found_session.expires_at <= p_now THEN
    outcome := 'expired';
    RETURN;
  END IF;
  IF p_secret = ANY (found_session.live) THEN
    UPDATE identity.session
      SET live = array_append(array_remove(live, p_secret), p_next), spent = p_secret, spent_at = p_now,
          expires_at = CASE WHEN is_guest THEN p_guest_until ELSE p_account_until END
      WHERE id = found_session.id;
  ELSIF p_secret = found_session.spent AND found_session.spent_at > p_spent_after THEN
    -- Rotation appends, so the first is the one longest unused: most likely the one whose answer was lost.
    UPDATE identity.session
      SET live = array_append(CASE WHEN cardinality(live) < p_max_live THEN live ELSE live[2:] END, p_next)
      WHERE id = found_session.id;
  ELSE
    DELETE FROM identity.session WHERE id = found_session.id;
    DELETE FROM identity.ticket t WHERE t.session_id = found_session.id;
    outcome := 'reused';
    RETURN;
  END IF;
  IF is_guest THEN
    UPDATE identity.account SET expires_at = greatest(expires_at, p_guest_until) WHERE id = found_account.id;
  END IF;
  outcome := 'rotated';
END $$;

-- Milliseconds until the next one is allowed; 0 when this one is, which is then counted.
CREATE FUNCTION identity.take_allowance(p_bucket text, p_now timestamptz, p_step_ms bigint, p_burst integer)
RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  step CONSTANT interval := p_step_ms * interval '1 millisecond';
  room CONSTANT timestamptz := p_now + step * p_burst;
  full_again timestamptz;
BEGIN
  INSERT INTO identity.allowance AS a (bucket, full_at) VALUES (p_bucket, p_now + step)
    ON CONFLICT (bucket) DO UPDATE SET full_at = greatest(a.full_at, p_now) + step
    WHERE greatest(a.full_at, p_now) + step <= room;
  IF FOUND THEN
    RETURN 0;
  END IF;
  SELECT full_at + step INTO full_again FROM identity.allowance WHERE bucket = p_bucket;
  RETURN greatest(1, ceil(extract(epoch FROM coalesce(full_again, room) - room) * 1000));
END $$;

-- False when another key is young enough. The first key signs at once; a later one is shown to every gateway before.
CREATE FUNCTION identity.add_signing_key(
  p_kid text, p_public bytea, p_private bytea, p_now timestamptz, p_young_after timestamptz, p_later timestamptz
) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtextextended('identity.signing_key', 0));
  IF EXISTS (SELECT FROM identity.signing_key WHERE signs_from > p_young_after) THEN
    RETURN false;
  END IF;
  INSERT INTO identity.signing_key (kid, public, private, signs_from)
    SELECT p_kid, p_public, p_private,
           CASE WHEN EXISTS (SELECT FROM identity.signing_key) THEN p_later ELSE p_now END;
  RETURN true;
END $$;

-- Forgets what has expired, and keys whose successor has signed since p_settled: no token of theirs is alive.
CREATE FUNCTION identity.sweep(p_now timestamptz, p_settled timestamptz) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  -- Two sweeps at once could wait for each other's rows; one is enough.
  IF NOT pg_try_advisory_xact_lock(hashtextextended('identity.sweep', 0)) THEN
    RETURN;
  END IF;
  DELETE FROM identity.ticket WHERE expires_at <= p_now;
  DELETE FROM identity.allowance WHERE full_at <= p_now;
  DELETE FROM identity.session WHERE expires_at <= p_now;
  DELETE FROM identity.account WHERE expires_at <= p_now;
  DELETE FROM identity.signing_key
    WHERE signs_from < (SELECT max(signs_from) FROM identity.signing_key WHERE signs_from <= p_settled);
END $$;
