-- Deletes up to p_batch rows of each kind that nobody can ask for any more; how many were deleted at most of one kind.
-- Rows that another node is deleting are left to it.
create function chat.sweep(p_before timestamptz, p_batch integer) returns integer language plpgsql
set enable_seqscan = off as $$
declare
  v_life    bigint;
  v_deleted integer;
  v_most    integer := 0;
begin
  delete from chat.command where key in
    (select key from chat.command where at < p_before order by at limit p_batch for update skip locked);
  get diagnostics v_most = row_count;

  select life into v_life from chat.dead_life order by at limit 1 for update skip locked;
  if found then
    delete from chat.log where life = v_life and pos in
      (select pos from chat.log where life = v_life order by pos limit p_batch);
    get diagnostics v_deleted = row_count;
    v_most := greatest(v_most, v_deleted);
    if v_deleted < p_batch then
      delete from chat.reaction where life = v_life;
      delete from chat.mention where life = v_life;
      delete from chat.member where life = v_life;
      delete from chat.dead_life where life = v_life;
    end if;
  end if;
  return v_most;
end
$$;
