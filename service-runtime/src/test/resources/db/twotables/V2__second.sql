create table second (id bigint primary key);
insert into second select generate_series(1, 1000);
