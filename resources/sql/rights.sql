-- What the person behind a session may do. @book@: schema of the book; @posting@, @signing@: names of the two session roles.
-- Functions that read for everybody run as the owner of the book and look nowhere but in its schema.

create table gongfang.document_type (code text primary key, figure text not null, posts boolean not null);

-- The owner of the book and who belongs to him work as before: nothing is asked of them here.
-- Where the owner's role is not known, the book was restored on another server: there no clerk has a log-in yet.
create function gongfang.free() returns boolean language sql stable
return coalesce(pg_has_role(session_user, to_regrole('@owner_quoted@')::oid, 'usage'), true);

-- The log-in name of a clerk's session; null for the owner.
create function gongfang.bound() returns text
language plpgsql stable security definer set search_path = @book@, pg_temp as $$
begin
  return case when gongfang.free() then null else session_user::text end;
end $$;

-- Called first in every writing transaction: the session role that may write what the rights allow.
create function gongfang.enter() returns void language plpgsql as $$
begin
  perform set_config('search_path', '@book@', true);
  if pg_has_role(session_user, '@posting@', 'member') then
    perform set_config('role', '@posting@', true);
  else
    perform set_config('role', '@signing@', true);
  end if;
end $$;

create function gongfang.held(wanted text) returns boolean language plpgsql stable as $$
begin
  return exists (
    select from app_user u join user_role ur on ur.user_id = u.id join role_right rr on rr.role_id = ur.role_id
    where u.login = session_user::text and u.active = 1 and u.must_change = 0 and rr."right" = wanted);
end $$;

create function gongfang.held_like(pattern text) returns boolean language plpgsql stable as $$
begin
  return exists (
    select from app_user u join user_role ur on ur.user_id = u.id join role_right rr on rr.role_id = ur.role_id
    where u.login = session_user::text and u.active = 1 and u.must_change = 0 and rr."right" like pattern);
end $$;

create function gongfang.sees(figure text) returns boolean
language plpgsql stable security definer set search_path = @book@, pg_temp as $$
begin
  return gongfang.free() or gongfang.held(figure);
end $$;

create function gongfang.sees_all() returns boolean
language plpgsql stable security definer set search_path = @book@, pg_temp as $$
begin
  return gongfang.free() or (gongfang.held('field.price') and gongfang.held('field.cost'));
end $$;

-- Document types whose prices and amounts the session may see.
create function gongfang.figure_types() returns text[]
language plpgsql stable security definer set search_path = @book@, pg_temp as $$
begin
  return array(select code from gongfang.document_type where gongfang.held(figure));
end $$;

create function gongfang.own_hash() returns text
language plpgsql stable security definer set search_path = @book@, pg_temp as $$
begin
  return (select hash from app_user where login = session_user::text);
end $$;

-- A state of the audit chain without the figures the session may not see.
create function gongfang.shown_state(kind text, state text) returns text
language plpgsql stable security definer set search_path = @book@, pg_temp as $$
declare
  made jsonb;
  figure_here text;
begin
  if state = '' or gongfang.sees_all() then return state; end if;
  made := state::jsonb;
  if jsonb_typeof(made) <> 'object' then return state; end if;
  if not gongfang.held('field.price') then made := made - 'price' - 'credit_limit'; end if;
  if not gongfang.held('field.cost') then made := made - 'unit_cost'; end if;
  select figure into figure_here from gongfang.document_type where code = kind;
  if figure_here is not null and not gongfang.held(figure_here) and jsonb_typeof(made -> 'lines') = 'array' then
    made := jsonb_set(made, '{lines}', (
      select coalesce(jsonb_agg(case when jsonb_typeof(l) = 'array' and jsonb_array_length(l) > 3
                                     then jsonb_set(l, '{3}', 'null') else l end order by n), '[]')
      from jsonb_array_elements(made -> 'lines') with ordinality as t(l, n)));
  end if;
  return made::text;
end $$;

-- A document kept as a template, without its prices unless the session sees those of its type.
create function gongfang.shown_template(kind text, body text) returns text
language plpgsql stable security definer set search_path = @book@, pg_temp as $$
declare
  made jsonb := body::jsonb;
begin
  if gongfang.sees_all() or kind = any (gongfang.figure_types()) or jsonb_typeof(made -> 'lines') <> 'array' then
    return body;
  end if;
  return jsonb_set(made, '{lines}', (
    select coalesce(jsonb_agg(l || '{"price": null}' order by n), '[]')
    from jsonb_array_elements(made -> 'lines') with ordinality as t(l, n)))::text;
end $$;

-- A filter scheme or layout that a user keeps: her own, one that is shared, one from before the book had users.
create function gongfang.shown_view(owner text, shared smallint, content text) returns text
language plpgsql stable security definer set search_path = @book@, pg_temp as $$
begin
  if shared = 1 or owner = session_user::text or gongfang.free()
     or not exists (select from app_user u where u.login = shown_view.owner) then
    return content;
  end if;
  return '';
end $$;

create function gongfang.deny(what text) returns void language plpgsql as $$
begin
  raise exception using errcode = '42501', message = 'gongfang: ' || session_user || ': ' || what;
end $$;

create function gongfang.flag(name text) returns boolean language plpgsql stable as $$
begin
  return exists (select from parameter where key = name and value = 'yes');
end $$;

-- Whether this transaction has told the audit chain something of an entity.
create function gongfang.told(kind text, id bigint, actions text[]) returns boolean language plpgsql stable as $$
begin
  return exists (
    select from audit_event e
    where e.entity = kind and e.entity_id = id and e.action = any (actions) and e.xmin = pg_current_xact_id()::xid);
end $$;

-- Whether this transaction has told the audit chain anything at all: what it told stands at its end.
create function gongfang.recorded() returns boolean language plpgsql stable as $$
begin
  return coalesce((select e.xmin = pg_current_xact_id()::xid from audit_event e order by seq desc limit 1), false);
end $$;

-- Constraint trigger at the commit: nothing is changed behind the back of the audit chain.
create function gongfang.need_record() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
begin
  if not gongfang.recorded() then
    perform gongfang.deny(tg_table_name || ' changed without an audit event');
  end if;
  return null;
end $$;

-- Statement trigger: one of the rights given as arguments; a % stands for any part of one.
create function gongfang.need_right() returns trigger
language plpgsql security definer set search_path = @book@, pg_temp as $$
declare
  wanted text;
begin
  foreach wanted in array tg_argv loop
    if gongfang.held_like(wanted) then return null; end if;
  end loop;
  perform gongfang.deny(tg_op || ' ' || tg_table_name || ' needs ' || array_to_string(tg_argv, ' or '));
  return null;
end $$;
