-- What chat-service keeps. Every change of a topic is made by one function call that first locks the
-- topic rows it touches, in the order of their names, so that offsets have no holes and locks no
-- circles: topics before members before marks.

-- A topic is a room's log or an inbox. Its row is the sequencer: whoever holds its lock allots offsets.
-- Half of each page stays free and nothing else is indexed, so that an update stays on its page.
create table chat.topic (
  topic         text collate "C" primary key,
  life          bigint generated always as identity,
  epoch         text   not null default encode(substring(uuid_send(gen_random_uuid()) from 9 for 8), 'hex'),
  last_offset   bigint not null default 0,
  message_count bigint not null default 0
) with (fillfactor = 50);

-- Everything that was published into a topic and is kept, by life, so that a topic made again starts empty.
create table chat.log (
  life           bigint      not null,
  pos            bigint      not null,
  event          text        not null,
  at             timestamptz not null,
  messages       bigint      not null, -- the topic's message_count with this row
  author         text        not null,
  author_name    text        not null,
  author_marks   smallint    not null, -- 1: guest, 2: the name is not verified
  text           text,                 -- of messages; empty once deleted
  mentions       text[],
  facts          jsonb,
  edited_at      timestamptz,
  deleted_at     timestamptz,
  revokes        text,
  reason         text,
  command        text,
  command_key    uuid,                 -- user and command id in one, of what a command created
  arguments_hash bigint,
  primary key (life, pos)
);
create unique index log_command on chat.log (command_key) where command_key is not null;

create table chat.room (
  room           text collate "C" primary key,
  life           bigint      not null unique,
  title          text        not null,
  visibility     text        not null check (visibility in ('public', 'private')),
  password       text,                 -- what a password is checked against, never itself
  temporary      boolean     not null default false,
  walk_in        boolean     not null default false, -- everyone may speak without joining
  members        integer     not null default 0,
  created_at     timestamptz not null default now(),
  created_by     text,
  command_key    uuid unique,
  arguments_hash bigint
) with (fillfactor = 80);

create table chat.member (
  life       bigint      not null,
  user_id    text collate "C" not null,
  role       text        not null check (role in ('owner', 'moderator', 'member')),
  joined_at  timestamptz not null default now(),
  read_count bigint      not null, -- messages up to the read marker
  read_pos   bigint      not null,
  primary key (life, user_id)
) with (fillfactor = 60);
create index member_user on chat.member (user_id);

create table chat.sanction (
  life    bigint      not null,
  user_id text collate "C" not null,
  kind    text        not null check (kind in ('ban', 'mute')),
  until   timestamptz,              -- null: until lifted
  by      text        not null,
  at      timestamptz not null default now(),
  primary key (life, user_id, kind)
);

create table chat.invitation (
  life    bigint      not null,
  user_id text collate "C" not null,
  by      text        not null,
  at      timestamptz not null default now(),
  primary key (life, user_id)
);

create table chat.reaction (
  life    bigint      not null,
  pos     bigint      not null,
  emoji   text collate "C" not null,
  user_id text collate "C" not null,
  at      timestamptz not null default now(),
  primary key (life, pos, emoji, user_id)
);

-- Mentions that their user has not read yet.
create table chat.mention (
  life    bigint not null,
  user_id text collate "C" not null,
  pos     bigint not null,
  primary key (life, user_id, pos)
);

-- Where in an inbox the newest unread count of a room was told; guarded by the inbox's topic row.
create table chat.unread_mark (
  inbox bigint not null,
  life  bigint not null,
  pos   bigint not null,
  primary key (inbox, life)
) with (fillfactor = 60);

-- Commands that changed something without creating it, kept for seven days.
create table chat.command (
  key     uuid primary key,
  hash    bigint      not null,
  at      timestamptz not null default now(),
  facts   jsonb       not null,
  entries jsonb       not null -- [[topic, life, pos], …]
);
create index command_at on chat.command (at);

-- Everyone who was ever seen, so that people are found by name.
create table chat.person (
  user_id  text collate "C" primary key,
  name     text        not null,
  name_key text collate "C" not null, -- the name without case and compatibility forms
  guest    boolean     not null,
  seen_at  timestamptz not null default now()
);
create index person_name on chat.person (name_key);

create table chat.audit (
  id      bigint generated always as identity primary key,
  at      timestamptz not null default now(),
  room    text        not null,
  life    bigint      not null,
  actor   text        not null,
  action  text        not null,
  target  text        not null,
  details jsonb       not null
);
create index audit_room on chat.audit (life, id);

-- Commands for other services, written with what caused them.
create table chat.outbox (
  id           bigint generated always as identity primary key,
  dedup_key    text        not null unique,
  service      text        not null,
  command      text        not null,
  arguments    text        not null,
  created_at   timestamptz not null default now(),
  due_at       timestamptz not null default now(),
  leased_until timestamptz,
  attempts     integer     not null default 0,
  dead_at      timestamptz,
  last_error   text
);
create index outbox_due on chat.outbox (due_at) where dead_at is null;

-- Lives whose rows wait to be swept away.
create table chat.dead_life (
  life bigint primary key,
  at   timestamptz not null default now()
);

create type chat.actor as (
  id    text,
  name  text,
  marks smallint,
  power boolean -- the token makes a moderator of every room
);

create type chat.issued as (
  id   text,
  key  uuid,
  hash bigint
);

-- How a command ended: 'done' or why not, what the reply is made of, and what to publish.
create type chat.outcome as (
  status  text,
  facts   jsonb,
  entries jsonb
);

-- Names this store and its timeline, so that positions do not outlive a restore or a promotion.
create function chat.store() returns text stable language sql as $$
  select to_hex(system_identifier) || '.' || ltrim(substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), '0')
  from pg_control_system()
$$;

create function chat.millis(p timestamptz) returns bigint immutable language sql as $$
  select floor(extract(epoch from p) * 1000)::bigint
$$;

create function chat.position(p_epoch text, p_pos bigint) returns jsonb stable language sql as $$
  select jsonb_build_object('epoch', p_epoch || '.' || chat.store(), 'offset', p_pos)
$$;

-- One kept row as the service reads it. An edit tells the text as it is now: a deleted one must not come back.
create function chat.told(t chat.topic, l chat.log) returns jsonb stable language plpgsql as $$
begin
  return jsonb_strip_nulls(jsonb_build_object(
    'topic', t.topic, 'life', l.life, 'epoch', t.epoch, 'pos', l.pos, 'event', l.event, 'at', chat.millis(l.at),
    'author', l.author, 'name', l.author_name, 'marks', l.author_marks,
    'text', case when l.event = 'edited'
      then (select m.text from chat.log m where m.life = l.life and m.pos = (l.facts->>'target')::bigint)
      else l.text end,
    'mentions', case when l.event = 'edited'
      then (select to_jsonb(m.mentions) from chat.log m where m.life = l.life and m.pos = (l.facts->>'target')::bigint)
      else to_jsonb(l.mentions) end,
    'facts', l.facts, 'edited', chat.millis(l.edited_at), 'deleted', chat.millis(l.deleted_at),
    'revokes', l.revokes, 'reason', l.reason, 'command', l.command));
end
$$;

-- One message for people to read, with its reactions.
create function chat.shown(t chat.topic, l chat.log, p_user text) returns jsonb stable language plpgsql as $$
declare
  v_reactions jsonb;
begin
  select jsonb_agg(jsonb_build_object('emoji', r.emoji, 'count', r.count, 'mine', r.mine) order by r.first, r.emoji)
    into v_reactions
    from (select emoji, count(*) as count, bool_or(user_id = p_user) as mine, min(at) as first
            from chat.reaction where life = l.life and pos = l.pos group by emoji) r;
  return jsonb_strip_nulls(chat.told(t, l) || jsonb_build_object('reactions', v_reactions));
end
$$;

-- Locks those of the topics that exist, in the order of their names, until the end of the call.
create function chat.locked(p_topics text[]) returns setof chat.topic language sql as $$
  select * from chat.topic where topic = any (p_topics) order by topic for no key update
$$;

create function chat.open_inboxes(p_users text[]) returns void language sql as $$
  insert into chat.topic (topic)
  select distinct 'inbox:' || u from unnest(p_users) u order by 1
  on conflict do nothing
$$;

-- Puts one event into a topic whose lock is held.
create function chat.append(
  p_topic text, p_event text, p_by chat.actor, p_facts jsonb, p_command text,
  p_revokes text default null, p_reason text default null) returns jsonb language plpgsql as $$
declare
  v_topic chat.topic;
  v_log   chat.log;
begin
  update chat.topic set last_offset = last_offset + 1 where topic = p_topic returning * into strict v_topic;
  insert into chat.log (life, pos, event, at, messages, author, author_name, author_marks, facts, revokes, reason, command)
    values (v_topic.life, v_topic.last_offset, p_event, clock_timestamp(), v_topic.message_count,
            p_by.id, p_by.name, p_by.marks, p_facts, p_revokes, p_reason, p_command)
    returning * into v_log;
  return chat.told(v_topic, v_log);
end
$$;

create function chat.refused(p_status text, p_facts jsonb default '{}') returns chat.outcome immutable language sql as $$
  select (p_status, p_facts, '[]'::jsonb)::chat.outcome
$$;

-- What a recorded command came to when it was first given; null when it is new. Asked while a topic lock is
-- held that every repeat of it waits for.
create function chat.recalled(p_id chat.issued) returns chat.outcome language plpgsql as $$
declare
  v_command chat.command;
begin
  select * into v_command from chat.command where key = p_id.key;
  if not found then
    if exists (select from chat.log where command_key = p_id.key) then
      return chat.refused('conflict');
    end if;
    return null;
  end if;
  if v_command.hash <> p_id.hash then
    return chat.refused('conflict');
  end if;
  return ('done', v_command.facts,
    (select coalesce(jsonb_agg(chat.told(t, l) order by e.n), '[]')
       from jsonb_array_elements(v_command.entries) with ordinality e (v, n)
       join chat.topic t on t.topic = e.v->>0 and t.life = (e.v->>1)::bigint
       join chat.log l on l.life = t.life and l.pos = (e.v->>2)::bigint))::chat.outcome;
end
$$;

create function chat.recorded(p_id chat.issued, p_facts jsonb, p_entries jsonb) returns chat.outcome language plpgsql as $$
begin
  insert into chat.command (key, hash, facts, entries)
    values (p_id.key, p_id.hash, p_facts,
      (select coalesce(jsonb_agg(jsonb_build_array(e->'topic', e->'life', e->'pos')), '[]')
         from jsonb_array_elements(p_entries) e));
  return ('done', p_facts, p_entries)::chat.outcome;
end
$$;

create function chat.sanctioned(p_life bigint, p_user text, p_kind text) returns boolean stable language sql as $$
  select exists (select from chat.sanction s
    where s.life = p_life and s.user_id = p_user and s.kind = p_kind and (s.until is null or s.until > now()))
$$;

-- When a sanction ends, for the refusal that names it.
create function chat.sanction_facts(p_life bigint, p_user text, p_kind text) returns jsonb stable language sql as $$
  select coalesce((select jsonb_strip_nulls(jsonb_build_object('until', chat.millis(s.until))) from chat.sanction s
    where s.life = p_life and s.user_id = p_user and s.kind = p_kind), '{}')
$$;

create function chat.role_of(p_life bigint, p_user text) returns text stable language sql as $$
  select role from chat.member where life = p_life and user_id = p_user
$$;

-- A room that is public and asks no password may be heard by everyone who is not banned; any other by members.
create function chat.may_hear(r chat.room, p_user text) returns boolean stable language plpgsql as $$
begin
  if r.visibility = 'public' and r.password is null then
    return not chat.sanctioned(r.life, p_user, 'ban');
  end if;
  return exists (select from chat.member m where m.life = r.life and m.user_id = p_user);
end
$$;

-- Why somebody may not speak in a room; null when they may.
create function chat.silenced(r chat.room, p_user text) returns text stable language plpgsql as $$
begin
  if r.life is null then return 'not-a-member'; end if;
  if chat.sanctioned(r.life, p_user, 'ban') then return 'banned'; end if;
  if not r.walk_in and not exists (select from chat.member m where m.life = r.life and m.user_id = p_user) then
    return 'not-a-member';
  end if;
  if chat.sanctioned(r.life, p_user, 'mute') then return 'muted'; end if;
  return null;
end
$$;

-- Whom a text mentions: its @words, as ids or names of people who may hear the room.
create function chat.mentioned(r chat.room, p_author text, p_words text) returns text[] stable language plpgsql as $$
begin
  return (select array_agg(user_id order by user_id) from (
    select distinct p.user_id
      from jsonb_array_elements_text(p_words::jsonb) w
      join chat.person p on p.user_id = w or p.name_key = w
     where p.user_id <> p_author and chat.may_hear(r, p.user_id)
     limit 20) found);
end
$$;

-- Asks notification-service to tell somebody something.
create function chat.notify(
  p_user text, p_type text, p_title text, p_message text, p_data jsonb, p_dedup text) returns void language sql as $$
  insert into chat.outbox (dedup_key, service, command, arguments)
  values (p_dedup, 'notification', 'send',
    jsonb_build_object('userId', p_user, 'title', left(p_title, 200), 'message', left(p_message, 500),
      'type', p_type, 'data', p_data)::text)
  on conflict do nothing
$$;

-- Notes the mentions of a message and tells those mentioned who were not told before.
create function chat.tell_mentioned(t chat.topic, r chat.room, l chat.log, p_before text[]) returns void
language plpgsql as $$
declare
  v_user text;
begin
  foreach v_user in array coalesce(l.mentions, '{}') loop
    continue when v_user = any (coalesce(p_before, '{}'));
    insert into chat.mention (life, user_id, pos)
      select l.life, v_user, l.pos where chat.role_of(l.life, v_user) is not null
      on conflict do nothing;
    perform chat.notify(v_user, 'mention', l.author_name || ' mentioned you in ' || r.title, l.text,
      jsonb_build_object('room', r.room, 'messageId', t.epoch || '-' || l.pos, 'offset', l.pos, 'fromUser', l.author),
      'mention:' || t.epoch || '-' || l.pos || ':' || v_user);
  end loop;
end
$$;

-- Many sends to many rooms at once. Each item gets an answer of its own; only rows that are inserted take offsets.
-- No key occurs twice. Sequential scans are off as plans are kept from when the tables were small.
create function chat.send(
  p_room text[], p_user text[], p_name text[], p_marks smallint[], p_text text[], p_words text[],
  p_command text[], p_key uuid[], p_hash bigint[])
returns table (item bigint, status text, epoch text, pos bigint, at bigint, mentions text[], facts jsonb, entry jsonb)
language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  v_lives    bigint[];
  v_mentions text[];
  v_known    uuid[];
  v_now      timestamptz;
  v_store    text := chat.store();
begin
  select array_agg(t.life) into v_lives
    from chat.locked((select array_agg(distinct 'room:' || r) from unnest(p_room) r)) t;
  v_now := clock_timestamp();

  if exists (select from unnest(p_words) w where w is not null) then
    select array_agg(case when i.words is not null and r.room is not null
                       then to_jsonb(chat.mentioned(r, i.user_id, i.words))::text end order by i.n)
      into v_mentions
      from unnest(p_room, p_user, p_words) with ordinality i (room, user_id, words, n)
      left join chat.room r on r.room = i.room and r.life = any (v_lives);
    select array_agg(l.command_key) into v_known from chat.log l where l.command_key = any (p_key);
  end if;

  return query
  with item as (
    select * from unnest(p_room, p_user, p_name, p_marks, p_text, p_command, p_key, p_hash, v_mentions)
      with ordinality as i (room, user_id, name, marks, text, command, key, hash, mentions, n)
  ), place as (
    select r.room, r.life, r.walk_in, t.topic, t.epoch, t.last_offset, t.message_count
      from chat.room r
      join chat.topic t on t.topic = 'room:' || r.room and t.life = r.life
     where r.room = any (p_room) and r.life = any (v_lives)
  ), judged as (
    select i.*, p.life, p.epoch, p.last_offset, p.message_count, known.life as known_life, known.pos as known_pos,
           case
             when known.command_key is not null and known.arguments_hash = i.hash then 'known'
             when known.command_key is not null or other.key is not null then 'conflict'
             when p.life is null then 'not-a-member'
             when exists (select from chat.sanction s where s.life = p.life and s.user_id = i.user_id
                            and s.kind = 'ban' and (s.until is null or s.until > v_now)) then 'banned'
             when not p.walk_in and m.user_id is null then 'not-a-member'
             when exists (select from chat.sanction s where s.life = p.life and s.user_id = i.user_id
                            and s.kind = 'mute' and (s.until is null or s.until > v_now)) then 'muted'
             else 'done'
           end as verdict
      from item i
      left join place p on p.room = i.room
      left join chat.member m on m.life = p.life and m.user_id = i.user_id
      left join chat.log known on known.command_key = i.key
      left join chat.command other on other.key = i.key
  ), fresh as (
    select j.*, row_number() over (partition by j.life order by j.n) as place from judged j where j.verdict = 'done'
  ), inserted as (
    insert into chat.log (life, pos, event, at, messages, author, author_name, author_marks, text, mentions,
                          command, command_key, arguments_hash)
    select f.life, f.last_offset + f.place, 'message', v_now, f.message_count + f.place, f.user_id, f.name, f.marks, f.text,
           (select array_agg(x) from jsonb_array_elements_text(f.mentions::jsonb) x),
           f.command, f.key, f.hash
      from fresh f
  ), bumped as (
    update chat.topic t
       set last_offset = t.last_offset + g.more, message_count = t.message_count + g.more
      from (select p.topic, count(*) as more from fresh f join place p on p.life = f.life group by p.topic) g
     where t.topic = g.topic
  ), seen as (
    -- Who speaks has read what was there.
    update chat.member m
       set read_count = g.messages, read_pos = g.pos
      from (select f.life, f.user_id, max(f.message_count + f.place) as messages, max(f.last_offset + f.place) as pos
              from fresh f group by f.life, f.user_id) g
     where m.life = g.life and m.user_id = g.user_id
  )
  select j.n, case j.verdict when 'known' then 'done' else j.verdict end,
         j.epoch || '.' || v_store, f.last_offset + f.place, chat.millis(v_now),
         (select array_agg(x) from jsonb_array_elements_text(f.mentions::jsonb) x),
         case when j.verdict in ('banned', 'muted')
           then chat.sanction_facts(j.life, j.user_id, case j.verdict when 'banned' then 'ban' else 'mute' end) end,
         case when j.verdict = 'known' then
           (select chat.told(t, l) from chat.log l
              left join chat.topic t on t.topic = 'room:' || j.room and t.life = l.life
             where l.life = j.known_life and l.pos = j.known_pos) end
    from judged j
    left join fresh f on f.n = j.n
   order by j.n;

  if v_mentions is not null then
    perform chat.tell_mentioned(t, r, l, null)
       from chat.log l
       join chat.room r on r.life = l.life
       join chat.topic t on t.topic = 'room:' || r.room
      where l.command_key = any (p_key) and not l.command_key = any (coalesce(v_known, '{}')) and l.mentions is not null;
  end if;
end
$$;

-- Where a room stands, for one who may hear it: what came after a position, or its newest messages.
create function chat.read_room(
  p_room text, p_user text, p_authorise boolean, p_epoch text, p_pos bigint, p_limit integer, p_newest integer,
  out status text, out epoch text, out head bigint, out recovered boolean, out more boolean, out entries jsonb,
  out snapshot jsonb)
stable language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  v_room  chat.room;
  v_topic chat.topic;
begin
  select * into v_room from chat.room where room = p_room;
  if not found or (p_authorise and not chat.may_hear(v_room, p_user)) then
    status := 'forbidden';
    return;
  end if;
  select * into v_topic from chat.topic where topic = 'room:' || p_room;
  status := 'done';
  epoch := v_topic.epoch || '.' || chat.store();
  head := v_topic.last_offset;
  recovered := coalesce(p_epoch = epoch and p_pos <= head, false);
  more := false;
  entries := '[]';
  if recovered then
    more := head > p_pos + p_limit;
    select coalesce(jsonb_agg(chat.told(v_topic, l) order by l.pos), '[]') into entries
      from chat.log l where l.life = v_topic.life and l.pos > p_pos and l.pos <= p_pos + p_limit;
  elsif p_newest > 0 then
    select jsonb_build_object(
        'room', chat.room_view(v_room, p_user),
        'messages', coalesce(jsonb_agg(chat.shown(v_topic, l, p_user) order by l.pos), '[]'))
      into snapshot
      from (select * from chat.log l where l.life = v_topic.life and l.event = 'message' and l.deleted_at is null
             order by l.pos desc limit p_newest) l;
  end if;
end
$$;

create function chat.room_view(r chat.room, p_user text) returns jsonb stable language plpgsql as $$
begin
  return jsonb_strip_nulls(jsonb_build_object(
    'room', r.room, 'title', r.title, 'visibility', r.visibility, 'guarded', r.password is not null,
    'temporary', r.temporary, 'members', r.members, 'role', chat.role_of(r.life, p_user)));
end
$$;

-- A page of messages before or after an offset, or the newest.
create function chat.page(
  p_room text, p_user text, p_before bigint, p_after bigint, p_take integer,
  out status text, out messages jsonb, out has_older boolean, out has_newer boolean)
stable language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  v_room  chat.room;
  v_topic chat.topic;
  v_found chat.log[];
begin
  select * into v_room from chat.room where room = p_room;
  if not found or not chat.may_hear(v_room, p_user) then
    status := 'forbidden';
    return;
  end if;
  select * into v_topic from chat.topic where topic = 'room:' || p_room;
  status := 'done';
  if p_after is not null then
    select array_agg(l order by l.pos) into v_found
      from (select * from chat.log l where l.life = v_topic.life and l.event = 'message' and l.pos > p_after
             order by l.pos limit p_take + 1) l;
    has_newer := coalesce(array_length(v_found, 1), 0) > p_take;
    v_found := v_found[1:p_take];
    has_older := exists (select from chat.log l
      where l.life = v_topic.life and l.event = 'message' and l.pos <= p_after);
  else
    select array_agg(l order by l.pos) into v_found
      from (select * from chat.log l
             where l.life = v_topic.life and l.event = 'message' and (p_before is null or l.pos < p_before)
             order by l.pos desc limit p_take + 1) l;
    has_older := coalesce(array_length(v_found, 1), 0) > p_take;
    if has_older then
      v_found := v_found[2:];
    end if;
    has_newer := p_before is not null and exists (select from chat.log l
      where l.life = v_topic.life and l.event = 'message' and l.pos >= p_before);
  end if;
  select coalesce(jsonb_agg(chat.shown(v_topic, l, p_user) order by l.pos), '[]') into messages from unnest(v_found) l;
end
$$;

-- One page of everything that was published into a room.
create function chat.room_log(
  p_room text, p_user text, p_before bigint, p_after bigint, p_take integer,
  out status text, out epoch text, out head bigint, out more boolean, out entries jsonb)
stable language plpgsql set enable_seqscan = off as $$
#variable_conflict use_column
declare
  v_room  chat.room;
  v_topic chat.topic;
  v_from  bigint;
  v_to    bigint;
begin
  select * into v_room from chat.room where room = p_room;
  if not found or not chat.may_hear(v_room, p_user) then
    status := 'forbidden';
    return;
  end if;
  select * into v_topic from chat.topic where topic = 'room:' || p_room;
  status := 'done';
  epoch := v_topic.epoch || '.' || chat.store();
  head := v_topic.last_offset;
  -- A room's offsets have no holes, so a page is a range.
  if p_after is not null then
    v_from := p_after;
    v_to := least(head, p_after + p_take);
    more := v_to < head;
  else
    v_to := least(head, coalesce(p_before - 1, head));
    v_from := greatest(0, v_to - p_take);
    more := v_from > 0;
  end if;
  select coalesce(jsonb_agg(chat.told(v_topic, l) order by l.pos), '[]') into entries
    from chat.log l where l.life = v_topic.life and l.pos > v_from and l.pos <= v_to;
end
$$;

-- The lobby was always there.
with lobby as (insert into chat.topic (topic) values ('room:lobby') returning life)
insert into chat.room (room, life, title, visibility, walk_in) select 'lobby', life, 'Lobby', 'public', true from lobby;
