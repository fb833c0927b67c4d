-- The words of every conversation, for the search, kept by PostgreSQL itself in the transaction that writes them.
--
-- `conversations_search` has one row for each conversation: its words as they are written (accents folded; Chinese,
-- Japanese and other scripts without spaces in pairs of characters), with positions, and their stems by the
-- conversation's language, each marked with it (`/de/rechnung`). It is cut into slices of 50,000 numbers, each with an
-- index of its own. A search reads the newest slice first and goes back only until its page is full, so what it costs
-- does not grow with what is kept.
--
-- Triggers keep the rows, so no way of writing can forget them, COPY included. They run with the owner's rights, for
-- the desk's role makes no tables. A slice is made when its first number, or the first of the one before, appears.

-- Stems are kept for these languages. PostgreSQL 15 has all of these configurations; scripts without spaces need none.
CREATE TABLE search_language (language text PRIMARY KEY, config regconfig NOT NULL);
INSERT INTO search_language VALUES
    ('ar', 'pg_catalog.arabic'), ('ca', 'pg_catalog.catalan'), ('da', 'pg_catalog.danish'), ('de', 'pg_catalog.german'),
    ('el', 'pg_catalog.greek'), ('en', 'pg_catalog.english'), ('es', 'pg_catalog.spanish'), ('eu', 'pg_catalog.basque'),
    ('fi', 'pg_catalog.finnish'), ('fr', 'pg_catalog.french'), ('ga', 'pg_catalog.irish'), ('hi', 'pg_catalog.hindi'),
    ('hu', 'pg_catalog.hungarian'), ('hy', 'pg_catalog.armenian'), ('id', 'pg_catalog.indonesian'), ('it', 'pg_catalog.italian'),
    ('lt', 'pg_catalog.lithuanian'), ('ne', 'pg_catalog.nepali'), ('nl', 'pg_catalog.dutch'), ('nb', 'pg_catalog.norwegian'),
    ('nn', 'pg_catalog.norwegian'), ('no', 'pg_catalog.norwegian'), ('pt', 'pg_catalog.portuguese'), ('ro', 'pg_catalog.romanian'),
    ('ru', 'pg_catalog.russian'), ('sr', 'pg_catalog.serbian'), ('sv', 'pg_catalog.swedish'), ('ta', 'pg_catalog.tamil'),
    ('tr', 'pg_catalog.turkish'), ('yi', 'pg_catalog.yiddish');
CREATE TABLE conversations_search (number bigint PRIMARY KEY, team_id bigint NOT NULL, doc tsvector NOT NULL)
    PARTITION BY RANGE (number);
CREATE TABLE conversations_slice (slice bigint PRIMARY KEY);

-- Small letters without accents. Both what is kept and what is asked go through here.
CREATE FUNCTION search_fold(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN octet_length(words) = char_length(words) THEN lower(words)
        ELSE replace(replace(replace(translate(lower(normalize(regexp_replace(normalize(words, NFKD),
            U&'[\0300-\036f\0591-\05bd\05bf-\05c7\0640\064b-\065f\0670\00ad\200b-\200f\202a-\202e\2060-\2069\feff]',
            '', 'g'), NFKC)), 'øłđıςىة', 'oldiσيه'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe') END
$$;

-- Addresses, paths and numbers fall into their parts, so that each part is found: without these signs PostgreSQL's parser
-- sees nothing but words.
CREATE FUNCTION search_apart(words text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT translate(words, './@-+&<_・', '         ')
$$;

CREATE FUNCTION search_is_dense(letter text) RETURNS boolean LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT ascii(letter) BETWEEN 11904 AND 55215 AND ascii(letter) NOT BETWEEN 12288 AND 12292
        AND ascii(letter) NOT BETWEEN 12296 AND 12320 OR ascii(letter) BETWEEN 3584 AND 3839
        OR ascii(letter) BETWEEN 4096 AND 4255 OR ascii(letter) BETWEEN 6016 AND 6143
        OR ascii(letter) BETWEEN 63744 AND 64255 OR ascii(letter) BETWEEN 131072 AND 205743
$$;

-- Folded words; scripts without spaces in overlapping pairs. What is kept ends each run with its last character alone,
-- so that every character begins a word; what is asked leaves that out at its end, where the run may go on.
CREATE FUNCTION search_words(words text, asked boolean) RETURNS text LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    folded text := btrim(public.search_apart(public.search_fold(words)));
BEGIN
    IF folded !~ U&'[\0e00-\0eff\1000-\109f\1780-\17ff\2e80-\d7af\f900-\faff\+020000-\+0323af]' THEN RETURN folded; END IF;
    RETURN (
        SELECT string_agg(
            CASE WHEN NOT dense THEN letter
                WHEN coalesce(next_dense, false) THEN ' ' || letter || next || ' '
                WHEN asked AND next IS NULL AND coalesce(last_dense, false) THEN ' '
                ELSE ' ' || letter || ' ' END, '' ORDER BY place)
        FROM (
            SELECT letter, place, dense, lead(letter) OVER line AS next, lead(dense) OVER line AS next_dense,
                lag(dense) OVER line AS last_dense
            FROM (
                SELECT letter, place, public.search_is_dense(letter) AS dense
                FROM unnest(string_to_array(folded, NULL)) WITH ORDINALITY AS each(letter, place)
            ) AS letters WINDOW line AS (ORDER BY place)
        ) AS pairs);
END $$;

-- Folded after stemming, for endings have accents.
CREATE FUNCTION search_stems(config regconfig, words text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT public.search_fold(strip(to_tsvector(config, public.search_apart(normalize(lower(words), NFC))))::text)::tsvector
$$;

-- The words, and those stems that are not among them, marked with their language by a sign that begins no word, so that no
-- beginning of a word finds them. The mark is put in by way of the text, which no lexeme can disturb: none has a space or
-- a quote in it.
CREATE FUNCTION search_doc(language text, words text) RETURNS tsvector LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    made tsvector := to_tsvector('pg_catalog.simple', public.search_words(words, false)); config regconfig;
BEGIN
    SELECT each.config INTO config FROM public.search_language AS each WHERE each.language = search_doc.language;
    IF config IS NULL THEN RETURN made; END IF;
    RETURN made || replace(' ' || ts_delete(public.search_stems(config, words), tsvector_to_array(made))::text,
        ' ''', ' ''/' || language || '/')::tsvector;
END $$;

-- Each of `terms` must be found: a term of several words as a phrase; a single word as it is written, or by its stem in
-- the language of the conversation; the last one, with `beginning`, also as the beginning of a word.
CREATE FUNCTION search_query(terms text[], beginning boolean, stemmed boolean[]) RETURNS tsquery
LANGUAGE plpgsql STABLE PARALLEL SAFE AS $$
DECLARE
    asked tsquery; part tsquery; words text; stems text;
BEGIN
    FOR i IN 1 .. coalesce(cardinality(terms), 0) LOOP
        words := public.search_words(left(terms[i], 200), true);
        part := phraseto_tsquery('pg_catalog.simple', words);
        CONTINUE WHEN numnode(part) = 0;
        IF (beginning AND i = cardinality(terms)) OR public.search_is_dense(btrim(words)) AND length(btrim(words)) = 1 THEN
            part := (part::text || ':*')::tsquery;
        END IF;
        IF numnode(part) = 1 AND stemmed[i] THEN
            SELECT string_agg(DISTINCT quote_literal(kept), ' | ') INTO stems
            FROM public.search_language AS each,
                unnest(tsvector_to_array(public.search_stems(each.config, terms[i]))) AS stem,
                unnest(ARRAY[stem, '/' || each.language || '/' || stem]) AS kept;
            part := part || coalesce(stems, '')::tsquery;
        END IF;
        asked := CASE WHEN asked IS NULL THEN part ELSE asked && part END;
    END LOOP;
    RETURN asked;
END $$;

-- Does nothing for a slice that is there, or that holds no conversation and does not follow one that does.
CREATE FUNCTION search_make_slice(wanted bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    name text := 'conversations_search_' || wanted;
BEGIN
    IF to_regclass(name) IS NOT NULL THEN RETURN; END IF;
    PERFORM pg_advisory_xact_lock(hashtext('evenhand search slice'));
    IF to_regclass(name) IS NOT NULL OR NOT EXISTS (
        SELECT FROM conversations_conversation WHERE number >= (wanted - 1) * 50000 AND number < (wanted + 1) * 50000)
    THEN RETURN; END IF;
    -- Made apart and then attached: that lock holds up nobody who reads or writes.
    EXECUTE format('CREATE TABLE %I (LIKE conversations_search INCLUDING ALL) WITH (toast_tuple_target = 128)', name);
    EXECUTE format('ALTER TABLE %I ALTER COLUMN doc SET STORAGE EXTERNAL', name);
    EXECUTE format('CREATE INDEX %I ON %I USING gin (doc) WITH (gin_pending_list_limit = 256)', name || '_doc', name);
    EXECUTE format('ALTER TABLE conversations_search ATTACH PARTITION %I FOR VALUES FROM (%s) TO (%s)',
        name, wanted * 50000, (wanted + 1) * 50000);
    INSERT INTO conversations_slice VALUES (wanted);
END $$;

-- The names and addresses of whoever wrote.
CREATE FUNCTION search_names(person bigint, account bigint) RETURNS tsvector LANGUAGE sql STABLE AS $$
    SELECT to_tsvector('pg_catalog.simple', search_words(concat_ws(' ', (SELECT name FROM people_person WHERE id = person),
        (SELECT name FROM people_account WHERE id = account),
        (SELECT string_agg(email, ' ') FROM people_address WHERE person_id = person)), false))
$$;

-- All words of a conversation. Of each message the first 30,000 characters count; a conversation with more different words
-- than PostgreSQL holds in one row (about a megabyte) keeps those it has.
CREATE FUNCTION search_whole(wanted bigint) RETURNS tsvector LANGUAGE plpgsql STABLE AS $$
DECLARE
    made tsvector; row record; spoken text;
BEGIN
    SELECT language, subject, search_names(person_id, account_id) AS names INTO row
    FROM conversations_conversation WHERE number = wanted;
    BEGIN
        SELECT row.names || search_doc(row.language, row.subject || E'\n' || coalesce(string_agg(left(text, 30000), E'\n' ORDER BY id), ''))
        INTO made FROM conversations_message WHERE conversation_id = wanted;
        RETURN made;
    EXCEPTION WHEN program_limit_exceeded THEN
        made := row.names || search_doc(row.language, row.subject);
        FOR spoken IN SELECT left(text, 30000) FROM conversations_message WHERE conversation_id = wanted ORDER BY id LOOP
            BEGIN
                made := made || search_doc(row.language, spoken);
            EXCEPTION WHEN program_limit_exceeded THEN EXIT; END;
        END LOOP;
        RETURN made;
    END;
END $$;

CREATE FUNCTION search_rebuild(wanted bigint) RETURNS void LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    PERFORM search_make_slice(wanted / 50000);
    EXECUTE format('DELETE FROM conversations_search_%s WHERE number = $1', wanted / 50000) USING wanted;
    EXECUTE format('INSERT INTO conversations_search_%s SELECT number, team_id, search_whole(number)
        FROM conversations_conversation WHERE number = $1 AND state <> ''merged''', wanted / 50000) USING wanted;
END $$;

-- A whole slice anew, its index last: many times quicker than row by row. For the owner alone.
CREATE FUNCTION search_refill(wanted bigint) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    name text := 'conversations_search_' || wanted;
BEGIN
    PERFORM search_make_slice(wanted);
    EXECUTE format('DROP INDEX %I', name || '_doc');
    EXECUTE format('TRUNCATE %I', name);
    EXECUTE format('INSERT INTO %I SELECT number, team_id, search_whole(number) FROM conversations_conversation
        WHERE number >= $1 AND number < $1 + 50000 AND state <> ''merged'' ORDER BY number', name) USING wanted * 50000;
    EXECUTE format('CREATE INDEX %I ON %I USING gin (doc) WITH (gin_pending_list_limit = 256)', name || '_doc', name);
END $$;
REVOKE EXECUTE ON FUNCTION search_refill FROM PUBLIC;

CREATE FUNCTION search_said() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    spoken record; made tsvector;
BEGIN
    FOR spoken IN
        SELECT c.number, c.number / 50000 AS slice, c.team_id, c.person_id, c.account_id, c.language, c.subject, s.words
        FROM (SELECT conversation_id, string_agg(left(text, 30000), E'\n' ORDER BY id) AS words FROM said GROUP BY 1) AS s
        JOIN conversations_conversation AS c ON c.number = s.conversation_id WHERE c.state <> 'merged' ORDER BY c.number
    LOOP
        PERFORM search_make_slice(spoken.slice + 1), search_make_slice(spoken.slice);
        BEGIN
            made := search_doc(spoken.language, spoken.subject || E'\n' || spoken.words);
            EXECUTE 'INSERT INTO conversations_search_' || spoken.slice || ' AS kept VALUES ($1, $2, $3)
                ON CONFLICT (number) DO UPDATE SET doc = kept.doc || $4'
                USING spoken.number, spoken.team_id, search_names(spoken.person_id, spoken.account_id) || made, made;
        EXCEPTION WHEN program_limit_exceeded THEN  -- its row is full of words
            PERFORM search_rebuild(spoken.number);
        END;
    END LOOP;
    RETURN NULL;
END $$;
CREATE TRIGGER search_said AFTER INSERT ON conversations_message REFERENCING NEW TABLE AS said
    FOR EACH STATEMENT EXECUTE FUNCTION search_said();

CREATE FUNCTION search_unsaid() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    each bigint;
BEGIN
    IF TG_OP = 'DELETE' THEN
        FOR each IN SELECT DISTINCT conversation_id FROM before ORDER BY 1 LOOP PERFORM search_rebuild(each); END LOOP;
    ELSE
        FOR each IN SELECT DISTINCT unnest(ARRAY[b.conversation_id, a.conversation_id]) FROM before AS b
            JOIN after AS a USING (id) WHERE a.conversation_id <> b.conversation_id OR a.text <> b.text ORDER BY 1
        LOOP PERFORM search_rebuild(each); END LOOP;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_changed AFTER UPDATE ON conversations_message REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION search_unsaid();
CREATE TRIGGER search_unsaid AFTER DELETE ON conversations_message REFERENCING OLD TABLE AS before
    FOR EACH STATEMENT EXECUTE FUNCTION search_unsaid();

CREATE FUNCTION search_renamed() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM conversations_search WHERE number = OLD.number;
    ELSE
        PERFORM search_rebuild(NEW.number);
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_renamed AFTER UPDATE ON conversations_conversation FOR EACH ROW
    WHEN (OLD.subject <> NEW.subject OR OLD.team_id <> NEW.team_id OR OLD.person_id <> NEW.person_id
        OR OLD.account_id <> NEW.account_id OR OLD.language <> NEW.language
        OR (OLD.state = 'merged') <> (NEW.state = 'merged')) EXECUTE FUNCTION search_renamed();
CREATE TRIGGER search_gone AFTER DELETE ON conversations_conversation FOR EACH ROW EXECUTE FUNCTION search_renamed();

CREATE FUNCTION search_emptied() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    TRUNCATE conversations_search;
    RETURN NULL;
END $$;
CREATE TRIGGER search_emptied AFTER TRUNCATE ON conversations_conversation
    FOR EACH STATEMENT EXECUTE FUNCTION search_emptied();

-- Somebody is called otherwise, or has another address, or writes for another organisation.
CREATE FUNCTION search_known_as() RETURNS trigger LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $$
BEGIN
    IF TG_TABLE_NAME = 'people_account' THEN
        PERFORM search_rebuild(number) FROM conversations_conversation WHERE account_id = NEW.id;
    ELSIF TG_TABLE_NAME = 'people_person' THEN
        PERFORM search_rebuild(number) FROM conversations_conversation WHERE person_id = NEW.id;
    ELSE
        PERFORM search_rebuild(number) FROM conversations_conversation
        WHERE person_id = CASE WHEN TG_OP = 'DELETE' THEN OLD.person_id ELSE NEW.person_id END;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER search_known_as AFTER UPDATE OF name ON people_account FOR EACH ROW
    WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION search_known_as();
CREATE TRIGGER search_known_as AFTER UPDATE OF name ON people_person FOR EACH ROW
    WHEN (OLD.name <> NEW.name) EXECUTE FUNCTION search_known_as();
CREATE TRIGGER search_known_as AFTER INSERT OR UPDATE OF email, person_id OR DELETE ON people_address FOR EACH ROW
    EXECUTE FUNCTION search_known_as();

-- The newest conversations below `before` that have all the words. First the newest 200 are looked at one by one, which
-- fills a page with a common word; then each slice's index is asked, from the newest slice back.
CREATE FUNCTION search_find(asked tsquery, teams bigint[], before bigint, most integer) RETURNS SETOF bigint ROWS 25
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = public, pg_temp
-- The planner sees small tables, for the words are stored beside them: reading those one by one is what must not happen.
SET enable_seqscan = off AS $$
DECLARE
    here bigint; hits bigint[]; lowest bigint; found integer := 0; more integer;
BEGIN
    IF asked IS NULL OR teams IS NULL THEN RETURN; END IF;
    FOR here IN SELECT slice FROM conversations_slice WHERE slice * 50000 < before ORDER BY slice DESC LOOP
        IF lowest IS NULL THEN
            EXECUTE format('
                SELECT array_agg(number ORDER BY number DESC) FILTER (WHERE doc @@ $1 AND team_id = ANY ($2)), min(number)
                FROM (SELECT * FROM conversations_search_%s WHERE number < $3 ORDER BY number DESC LIMIT 200) AS newest',
                here) INTO hits, lowest USING asked, teams, before;
            CONTINUE WHEN lowest IS NULL;
            RETURN QUERY SELECT unnest(hits[1:most]);
            found := coalesce(cardinality(hits), 0);
            EXIT WHEN found >= most;
        END IF;
        -- OFFSET 0: by the words first. Walking back through the numbers would read everything for a rare word.
        RETURN QUERY EXECUTE format('
            SELECT number FROM (SELECT number, team_id FROM conversations_search_%s WHERE doc @@ $1 OFFSET 0) AS hits
            WHERE team_id = ANY ($2) AND number < $3 ORDER BY number DESC LIMIT $4', here)
            USING asked, teams, lowest, most - found;
        GET DIAGNOSTICS more = ROW_COUNT;
        found := found + more;
        EXIT WHEN found >= most;
    END LOOP;
END $$;

-- What was there before this version.
SELECT search_refill(wanted) FROM (
    SELECT DISTINCT number / 50000 + more AS wanted FROM conversations_conversation, unnest(ARRAY[0, 1]) AS more ORDER BY 1
) AS slices;
