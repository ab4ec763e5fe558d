// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Functions of SQL servers, by what a call of them may do.
enum SQLFunctions {
    static let destroying: Set<String> = ["lo_unlink", "pg_drop_replication_slot", "pg_replication_origin_drop", "xp_cmdshell"]

    /// The effect of a function that reaches beyond a query, or `nil`.
    static func harmful(_ name: String) -> SQLEffect? {
        if let effect = table[name] { return effect }
        if name.hasPrefix("dblink") || name.hasPrefix("lo_") || name.hasPrefix("xp_") || name.hasPrefix("sp_") || name.hasPrefix("pg_read_") || name.hasPrefix("pg_ls_") || name.hasPrefix("pg_file_") || name.hasPrefix("http_") { return .unsafeIO }
        if name.hasPrefix("pg_advisory_") || name.hasPrefix("pg_try_advisory") { return .lock }
        return nil
    }

    private static let table: [String: SQLEffect] = [
        "pg_terminate_backend": .unknown, "pg_cancel_backend": .unknown, "pg_reload_conf": .unknown, "pg_rotate_logfile": .unknown,
        "pg_switch_wal": .unknown, "pg_promote": .unknown, "pg_create_restore_point": .unknown, "pg_stat_reset": .unknown, "pg_stat_statements_reset": .unknown,
        "pg_drop_replication_slot": .unknown, "pg_create_physical_replication_slot": .unknown, "pg_create_logical_replication_slot": .unknown, "pg_replication_origin_drop": .unknown,
        "setval": .write, "nextval": .write, "set_config": .session, "pg_notify": .notify, "pg_sleep": .unknown, "load_file": .unsafeIO, "load_extension": .unsafeIO, "writefile": .unsafeIO,
        "readfile": .unsafeIO, "edit": .unsafeIO, "sys_exec": .unsafeIO, "sys_eval": .unsafeIO, "query_to_xml": .unknown, "database_to_xml": .unknown, "pg_stat_file": .unsafeIO,
        "pg_logical_emit_message": .unknown, "pg_export_snapshot": .unknown, "aws_s3.query_export_to_s3": .unsafeIO, "query_export_to_s3": .unsafeIO, "table_import_from_s3": .unsafeIO, "lambda_invoke": .unsafeIO, "invoke": .unsafeIO,
        "net": .unsafeIO, "url": .unsafeIO, "file": .unsafeIO, "s3": .unsafeIO, "remote": .unsafeIO, "executable": .unsafeIO,
    ]

    static func isKeyword(_ word: String) -> Bool { keywords.contains(word) }

    static func isHarmless(_ name: String) -> Bool { harmless.contains(name) || keywords.contains(name.uppercased()) }

    private static let keywords: Set<String> = Set(
        """
        IN VALUES AND OR NOT EXISTS ANY ALL SOME AS ON USING OVER FROM WHERE SELECT CASE WHEN THEN ELSE END LIKE ILIKE SIMILAR BETWEEN INTERVAL FILTER BY ROLLUP CUBE SETS \
        LATERAL ROW ARRAY CAST EXTRACT DISTINCT UNION EXCEPT INTERSECT JOIN INNER LEFT RIGHT FULL CROSS OUTER HAVING LIMIT OFFSET SET RETURNING INTO TABLE WITH RECURSIVE MATERIALIZED \
        IS NULL GROUP ORDER PARTITION WITHIN KEY UPDATE CONFLICT DO DEFAULT COLLATE VARCHAR CHAR CHARACTER NUMERIC DECIMAL FLOAT BIT TIMESTAMP TIME VARBINARY NVARCHAR ONLY PRIMARY UNIQUE CHECK REFERENCES FOREIGN INDEX WINDOW INSERT DELETE MERGE MATCHED EXPLAIN ANALYZE NOTHING
        """.split(whereSeparator: \.isWhitespace).map(String.init))

    private static let harmless: Set<String> = Set(
        """
        count sum avg min max now current_date current_timestamp current_time localtime localtimestamp clock_timestamp statement_timestamp transaction_timestamp timeofday age date_part date_trunc date to_char to_date \
        to_timestamp to_number make_date make_interval justify_days lower upper length char_length octet_length substr substring trim ltrim rtrim btrim lpad rpad left right replace translate reverse repeat \
        concat concat_ws format split_part string_to_array array_to_string string_agg array_agg group_concat position strpos instr initcap ascii chr md5 sha256 encode decode quote_ident quote_literal \
        regexp_match regexp_matches regexp_replace regexp_split_to_table regexp_split_to_array abs ceil ceiling floor round trunc mod power sqrt exp ln log sign random pi degrees radians sin cos tan greatest \
        least coalesce nullif ifnull isnull nvl if iif generate_series unnest array_length cardinality array_position array_append array_remove array_cat row_number rank dense_rank ntile lag lead first_value last_value nth_value percent_rank cume_dist percentile_cont \
        percentile_disc mode stddev variance corr bool_and bool_or every json_agg jsonb_agg json_build_object jsonb_build_object json_object_agg jsonb_object_agg json_extract json_extract_path jsonb_extract_path to_json to_jsonb row_to_json json_array_elements \
        jsonb_array_elements json_each jsonb_each jsonb_set jsonb_typeof json_typeof jsonb_path_query jsonb_array_length json_array_length version current_user session_user user current_database current_schema current_setting database \
        pg_size_pretty pg_relation_size pg_total_relation_size pg_table_size pg_database_size pg_indexes_size pg_get_viewdef pg_get_functiondef pg_get_constraintdef pg_get_indexdef pg_typeof pg_backend_pid pg_is_in_recovery obj_description col_description \
        to_regclass has_table_privilege gen_random_uuid uuid_generate_v4 uuid newid strftime datetime julianday unixepoch typeof printf hex total date_add date_sub datediff timestampdiff year month day hour minute second \
        from_unixtime unix_timestamp curdate curtime sysdate str_to_date date_format convert grouping tsvector to_tsvector to_tsquery plainto_tsquery websearch_to_tsquery ts_rank ts_headline similarity st_distance st_within st_contains st_x st_y inet host \
        last_insert_rowid last_insert_id changes currval lastval xmin pg_postmaster_start_time txid_current pg_current_wal_lsn pg_stat_get_activity
        """.split(whereSeparator: \.isWhitespace).map(String.init))
}
