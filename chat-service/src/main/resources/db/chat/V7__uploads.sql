-- Files that people put into rooms, in parts as they came. They belong to the life of a room: a room made again has none.
create table chat.upload (
  id         text collate "C" primary key, -- nobody can guess it
  life       bigint      not null,
  owner      text collate "C" not null,
  name       text        not null,
  type       text        not null,
  length     bigint,               -- as announced; null: known at the end
  received   bigint      not null default 0,
  sha256     bytea,                -- null: not complete
  touched_at timestamptz not null default now()
) with (fillfactor = 60);
create index upload_unfinished on chat.upload (owner, touched_at) where sha256 is null;
create index upload_life on chat.upload (life);

create table chat.upload_part (
  upload text collate "C" not null references chat.upload on delete cascade,
  pos    bigint not null, -- of its first byte
  bytes  bytea  not null,
  primary key (upload, pos)
);
-- What is sent is mostly compressed already.
alter table chat.upload_part alter column bytes set storage external;

-- 'done', or why not.
create function chat.create_upload(
  p_id text, p_room text, p_owner text, p_name text, p_type text, p_length bigint, p_open integer
) returns text language plpgsql as $$
declare
  v_room     chat.room;
  v_silenced text;
begin
  select * into v_room from chat.room where room = p_room;
  v_silenced := chat.silenced(v_room, p_owner);
  if v_silenced is not null then return v_silenced; end if;
  perform pg_advisory_xact_lock(hashtextextended('chat.upload ' || p_owner, 0));
  if (select count(*) from chat.upload where owner = p_owner and sha256 is null) >= p_open then
    return 'too-many-uploads';
  end if;
  insert into chat.upload (id, life, owner, name, type, length)
    values (p_id, v_room.life, p_owner, p_name, p_type, p_length);
  return 'done';
end
$$;

-- Takes the next part; received is where the upload stands after it, or without it.
create function chat.append_upload(p_id text, p_owner text, p_pos bigint, p_bytes bytea, p_max bigint)
returns table (status text, received bigint) language plpgsql as $$
declare
  v chat.upload;
begin
  select * into v from chat.upload u where u.id = p_id and u.owner = p_owner for update;
  if not found then return query select 'unknown-upload', 0::bigint; return; end if;
  if v.sha256 is not null then return query select 'upload-complete', v.received; return; end if;
  if v.received <> p_pos then return query select 'offset-mismatch', v.received; return; end if;
  if p_pos + length(p_bytes) > least(p_max, coalesce(v.length, p_max)) then
    return query select 'too-large', v.received;
    return;
  end if;
  insert into chat.upload_part (upload, pos, bytes) values (p_id, p_pos, p_bytes);
  update chat.upload u set received = p_pos + length(p_bytes), touched_at = now() where u.id = p_id;
  return query select 'done', p_pos + length(p_bytes);
end
$$;

-- Ends an upload that has all its bytes, of which this is the hash; again with the same hash is 'done' too.
create function chat.complete_upload(p_id text, p_owner text, p_received bigint, p_sha256 bytea) returns text
language plpgsql as $$
declare
  v chat.upload;
begin
  select * into v from chat.upload where id = p_id and owner = p_owner for update;
  if not found then return 'unknown-upload'; end if;
  if v.sha256 is not null then
    return case when v.sha256 = p_sha256 then 'done' else 'upload-complete' end;
  end if;
  if v.received <> p_received then return 'offset-mismatch'; end if;
  if v.length is not null and v.length <> v.received then return 'upload-incomplete'; end if;
  update chat.upload set sha256 = p_sha256, length = v.received, touched_at = now() where id = p_id;
  return 'done';
end
$$;

-- A complete upload, for somebody who may hear its room now; no row for anybody else.
create function chat.readable_upload(p_id text, p_user text) returns setof chat.upload stable language sql as $$
  select u.* from chat.upload u join chat.room r on r.life = u.life
    where u.id = p_id and u.sha256 is not null and chat.may_hear(r, p_user)
$$;

-- Deletes what was begun and left, and what lay in rooms that are gone; how many.
create function chat.sweep_uploads(p_untouched_since timestamptz, p_batch integer) returns integer language plpgsql as $$
declare
  v_deleted integer;
begin
  delete from chat.upload where id in (
    select u.id from chat.upload u
      where (u.sha256 is null and u.touched_at < p_untouched_since)
         or not exists (select from chat.room r where r.life = u.life)
      limit p_batch for update skip locked);
  get diagnostics v_deleted = row_count;
  return v_deleted;
end
$$;
