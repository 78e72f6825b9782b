-- Takes out of a finished shop what belongs to one shop only: its administrator, log-in, keys, id. Notes the template's name
-- beside setup's own marks, by which a server knows that a shop is not its own yet.
BEGIN;
DELETE FROM provider_identity;
DELETE FROM auth_identity;
DELETE FROM "user";
DELETE FROM publishable_api_key_sales_channel;
DELETE FROM api_key;
DELETE FROM urumi_setup WHERE mark = 'instance';
INSERT INTO urumi_setup (mark, medusa) VALUES ('template', :'template');

-- A later Medusa may write more while it is set up: better no template than one that holds it.
DO $$
DECLARE
  name text;
  found boolean;
BEGIN
  FOREACH name IN ARRAY ARRAY['user', 'auth_identity', 'provider_identity', 'api_key', 'invite', 'customer',
    'customer_address', 'cart', 'order', 'payment', 'payment_session', 'payment_collection', 'account_holder',
    'notification', 'workflow_execution'] LOOP
    EXECUTE format('SELECT EXISTS (SELECT FROM %I)', name) INTO found;
    IF found THEN RAISE EXCEPTION 'the template would hold rows of %', name; END IF;
  END LOOP;
END $$;
COMMIT;
