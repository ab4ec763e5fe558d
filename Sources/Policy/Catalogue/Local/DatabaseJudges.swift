// SPDX-License-Identifier: Apache-2.0
import AgentCore

/// Judges of databases' own programs.
enum DatabaseJudges {
    /// `psql -c`, `mysql -e`, `sqlite3 file statement` and their like.
    @Sendable static func statement(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp { return .read }
        var texts: [CommandWord] = []
        var index = 0
        let words = vector.words
        while index < words.count {
            let word = words[index]
            for name in names(judged.name) {
                if word.text == name, index + 1 < words.count { texts.append(words[index + 1]); index += 1; break }
                if word.text.hasPrefix(name), word.text.utf8.count > name.utf8.count, !name.hasPrefix("--") || word.text.hasPrefix(name + "=") {
                    texts.append(CommandWord(String(word.text.dropFirst(name.hasPrefix("--") ? name.utf8.count + 1 : name.utf8.count)), isKnown: word.isKnown))
                    break
                }
            }
            index += 1
        }
        let isFile = words.contains { ["-f", "--file"].contains($0.text) || $0.text.hasPrefix("--file=") } && judged.name != "sqlcmd"
        if ["sqlite3", "duckdb"].contains(judged.name) { texts += vector.operands.dropFirst().map(\.word) }
        if judged.name == "bq" { return nil }
        if case .text(let text) = judged.command.input { texts.append(CommandWord(text)) }
        if texts.isEmpty {
            if isFile { return .unknown("sql.file", "runs statements of a file that is not read here") }
            switch judged.command.input {
            case .inherited: return vector.has(any: "-l", "--list") ? .read : .reversible
            default: return .unknown("sql.input", "runs statements that are only known when it runs")
            }
        }
        var verdict = CommandVerdict.read
        for text in texts { verdict.add(judge(text, judged)) }
        if isFile { verdict.add(.unknown("sql.file", "runs statements of a file that is not read here")) }
        return verdict
    }

    private static func names(_ program: String) -> [String] {
        switch program {
        case "psql": ["-c", "--command"]
        case "mysql", "mariadb", "cockroach": ["-e", "--execute"]
        case "clickhouse-client": ["-q", "--query"]
        case "sqlcmd": ["-Q", "-q"]
        case "duckdb", "sqlite3": ["-cmd", "-c"]
        default: []
        }
    }

    private static func judge(_ text: CommandWord, _ judged: JudgedCommand) -> CommandVerdict {
        var verdict = CommandVerdict.read
        var statements = ""
        for line in text.text.split(separator: "\n", omittingEmptySubsequences: false) {
            let bare = line.drop { $0 == " " }
            if bare.hasPrefix("\\") { verdict.add(meta(bare)) } else if bare.hasPrefix("."), judged.name == "sqlite3" { verdict.add(dot(bare)) } else { statements += line + "\n" }
        }
        let rest = CommandWord(statements, isKnown: text.isKnown)
        if statements.contains(where: { !$0.isWhitespace }) { verdict.add(Catalogue.standard.judge(sql: rest)) }
        return verdict
    }

    private static func meta(_ line: Substring) -> CommandVerdict {
        if line.hasPrefix("\\d") || line.hasPrefix("\\l") || line.hasPrefix("\\q") || line.hasPrefix("\\x") || line.hasPrefix("\\timing") || line.hasPrefix("\\conninfo") || line.hasPrefix("\\pset") || line.hasPrefix("\\t") { return .read }
        return .unknown("sql.meta", "runs programs, reads files or goes to another database")
    }

    private static func dot(_ line: Substring) -> CommandVerdict {
        for safe in [".tables", ".schema", ".headers", ".mode", ".help", ".databases", ".indexes", ".quit", ".exit", ".dump", ".show", ".width"] where line.hasPrefix(safe) { return .read }
        return .unknown("sql.meta", "runs programs or reads files")
    }

    // MARK: Redis and MongoDB

    private static let redisDestroying: Set<String> = ["FLUSHALL", "FLUSHDB", "SHUTDOWN", "SWAPDB", "MIGRATE", "RESET", "FAILOVER"]
    private static let redisRemoving: Set<String> = ["DEL", "UNLINK", "HDEL", "SREM", "ZREM", "LTRIM", "XTRIM", "XDEL", "RENAME", "EXPIRE", "GETDEL", "ZREMRANGEBYSCORE", "ZREMRANGEBYRANK", "RESTORE", "SPOP", "JSON.DEL", "FT.DROPINDEX", "GRAPH.DELETE"]
    private static let redisUnknown: Set<String> = ["EVAL", "EVALSHA", "FCALL", "MODULE", "REPLICAOF", "SLAVEOF", "SAVE", "BGSAVE", "BGREWRITEAOF", "ACL", "MONITOR", "EXEC"]
    private static let redisReading: Set<String> = ["GET", "MGET", "KEYS", "SCAN", "INFO", "PING", "TTL", "EXISTS", "TYPE", "LRANGE", "SMEMBERS", "HGETALL", "HGET", "ZRANGE", "DBSIZE", "TIME", "STRLEN", "LLEN", "SCARD", "ZCARD", "XLEN", "OBJECT", "MEMORY"]

    @Sendable static func store(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp { return .read }
        if judged.name.hasPrefix("mongo") { return mongo(judged) }
        if judged.name == "cqlsh" {
            guard let text = vector.value(of: "-e", "--execute") else { return .unknown("cql.input", "runs statements that are not read here") }
            return Catalogue.standard.judge(sql: text)
        }
        let taking: Set<String> = ["-h", "-p", "-a", "-n", "-u", "-s", "-r", "-i", "--user", "--pass", "-t"]
        let own = ArgumentVector(judged.name, vector.words, valueOptions: taking)
        if own.has("--eval") || own.has("--pipe") || own.hasExactly("-x") { return .unknown("redis.eval", "runs code or commands that are not read here") }
        var lines: [[String]] = []
        if !own.operands.isEmpty { lines = [own.operands.map { $0.word.isKnown ? $0.word.text : "?" }] } else if case .text(let text) = judged.command.input {
            lines = text.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        } else if case .inherited = judged.command.input { return .reversible } else { return .unknown("redis.input", "runs commands that are only known when it runs") }
        var verdict = CommandVerdict.read
        for line in lines { verdict.add(redis(line)) }
        return verdict
    }

    private static func redis(_ words: [String]) -> CommandVerdict {
        guard let verb = words.first?.uppercased() else { return .read }
        let second = words.count > 1 ? words[1].uppercased() : ""
        if redisDestroying.contains(verb) { return .irreversible("redis.\(verb.lowercased())", "empties or stops a store") }
        if redisRemoving.contains(verb) { return .irreversible("redis.\(verb.lowercased())", "deletes keys or values") }
        if verb == "CONFIG" { return second == "GET" ? .read : .irreversible("redis.config", "changes a store's settings") }
        if verb == "CLUSTER" { return ["INFO", "NODES", "SLOTS"].contains(second) ? .read : .irreversible("redis.cluster", "changes a cluster") }
        if ["SCRIPT", "FUNCTION", "DEBUG", "CLIENT", "ACL", "XGROUP"].contains(verb) {
            return ["LIST", "EXISTS", "GETNAME", "WHOAMI", "INFO"].contains(second) ? .read : .irreversible("redis.\(verb.lowercased())", "removes scripts, clients or users, or stops the store")
        }
        if redisUnknown.contains(verb) || verb == "?" { return .unknown("redis.\(verb.lowercased())", "runs code in a store that is not read here") }
        return redisReading.contains(verb) ? .read : .reversible
    }

    private static func mongo(_ judged: JudgedCommand) -> CommandVerdict {
        guard let text = judged.vector.value(of: "--eval") else {
            if case .text(let input) = judged.command.input { return mongo(text: CommandWord(input)) }
            if case .inherited = judged.command.input { return judged.vector.operands.contains { $0.word.text.hasSuffix(".js") } || judged.vector.has("--file") ? .unknown("mongo.script", "runs a script that is not read here") : .reversible }
            return .unknown("mongo.input", "runs code that is only known when it runs")
        }
        return mongo(text: text)
    }

    /// Judges a script of MongoDB's shell by the methods that it calls.
    static func mongo(text: CommandWord) -> CommandVerdict {
        let bare = text.text.filter { !$0.isWhitespace }
        for method in ["dropDatabase(", ".drop(", ".dropIndexes(", ".dropIndex(", "dropAllUsers", "dropUser(", "dropRole", "shutdownServer(", ".dropCollection(", "fsyncLock(", "\"drop\":", "dropDatabase:", "'drop':", "{drop:", ".renameCollection("] where bare[...].firstOccurrence(of: method) != nil {
            return .irreversible("mongo.drop", "drops a database, collection or index")
        }
        for method in [".remove(", ".deleteMany(", ".deleteOne(", ".findOneAndDelete(", ".bulkWrite(", ".findAndModify(", "{delete:"] where bare[...].firstOccurrence(of: method) != nil {
            let all = bare[...].firstOccurrence(of: method + "{}") != nil || bare[...].firstOccurrence(of: method + ")") != nil
            return all ? .irreversible("mongo.deleteAll", "deletes every document of a collection") : .irreversible("mongo.delete", "deletes documents")
        }
        if !text.isKnown { return .unknown("mongo.computed", "runs code of which part is only known when it runs") }
        for method in [".update", ".replace", ".insert", ".save(", ".create"] where bare[...].firstOccurrence(of: method) != nil { return .reversible }
        for method in [".find(", ".findOne(", ".count", ".stats(", "show", ".aggregate(", "getCollectionNames", "serverStatus", "version(", ".getIndexes("] where bare[...].firstOccurrence(of: method) != nil {
            return bare.contains("$out") || bare.contains("$merge") ? .unknown("mongo.out", "writes a collection") : .read
        }
        return .unknown("mongo.script", "runs code that is not understood")
    }

    // MARK: Tools

    @Sendable static func tools(_ judged: JudgedCommand) -> CommandVerdict? {
        let vector = judged.vector
        if vector.asksForHelp { return .read }
        switch judged.name {
        case "dropdb", "dropuser", "pg_dropcluster", "pg_resetwal": return .irreversible("sql.\(judged.name)", "drops a database, role or cluster")
        case "pg_restore":
            if vector.has(any: "-l", "--list") { return .read }
            return vector.has(any: "-c", "--clean") ? .irreversible("sql.pg_restore.clean", "drops what is there before it restores") : .unknown("sql.pg_restore", "writes into a database")
        case "mongorestore": return vector.has("--drop") ? .irreversible("mongo.restoreDrop", "drops what is there before it restores") : .unknown("mongo.restore", "writes into a database")
        case "mysqladmin":
            let verb = vector.operands.map(\.word.text)
            if verb.contains(where: { ["drop", "shutdown", "kill"].contains($0) || $0.hasPrefix("flush") }) { return .irreversible("sql.mysqladmin", "drops a database or stops a server") }
            return verb.contains { ["status", "ping", "version", "processlist", "variables"].contains($0) } ? .read : .unknown("sql.mysqladmin", "changes a server")
        default: return .reversible
        }
    }
}
