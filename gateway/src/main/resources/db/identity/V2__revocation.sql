-- When what a ticket stands for was issued, which is what a revocation is compared with. A ticket of an older gateway is older
-- than every revocation.
ALTER TABLE identity.ticket ADD COLUMN issued_at timestamptz NOT NULL DEFAULT 'epoch';
