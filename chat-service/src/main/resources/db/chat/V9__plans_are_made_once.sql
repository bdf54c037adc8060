-- A function that turns sequential scans off wants the same plan whatever it is asked and however much there is, so the plan is
-- made once for each connection. Left to itself PostgreSQL plans a call anew when it expects less work from a plan for just these
-- arguments; planning chat.send for one message took twice as long as all the rest of it.
do $$
declare
  v_function regprocedure;
begin
  for v_function in
    select oid from pg_proc where pronamespace = 'chat'::regnamespace and 'enable_seqscan=off' = any (proconfig)
  loop
    execute format('alter function %s set plan_cache_mode = force_generic_plan', v_function);
  end loop;
end
$$;

-- Functions in SQL that are not drawn into their callers are parsed and planned at each call; these two are in almost every one.
create or replace function chat.store() returns text stable language plpgsql as $$
begin
  return (select to_hex(system_identifier) || '.' || ltrim(substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), '0')
            from pg_control_system());
end
$$;

create or replace function chat.locked(p_topics text[]) returns setof chat.topic language plpgsql as $$
begin
  return query select * from chat.topic where topic = any (p_topics) order by topic for no key update;
end
$$;
