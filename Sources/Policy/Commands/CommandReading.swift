// SPDX-License-Identifier: Apache-2.0

/// How much shell text is read before the rest counts as unknown.
package struct CommandLimits: Hashable, Sendable {
    /// Most bytes of text, nested texts included.
    package var bytes = 256 << 10
    /// Deepest nesting of constructs, substitutions, functions and inner shells.
    package var depth = 40
    /// Most simple commands, loops unrolled.
    package var commands = 4_000
    /// Most constructs that are walked, loops and calls unrolled: nested loops multiply.
    package var steps = 20_000
    /// Most words that expansion makes altogether.
    package var words = 40_000
    /// Most bytes that expansion makes altogether.
    package var expandedBytes = 1 << 20
    /// Most rounds of one loop over known words.
    package var loopRounds = 32

    /// The limits that the product uses.
    package init() {}
}

/// One simple command as it would run, wrappers taken off.
package struct ReadCommand: Hashable, Sendable {
    /// What feeds its standard input.
    package enum Input: Hashable, Sendable {
        case inherited
        /// Text that stands in the command itself.
        case text(String)
        /// Output of these programs, the nearest last.
        case output(of: [String])
        case file
        case unknown
    }

    /// The program and its arguments; empty where only redirections stand.
    package var argv: [CommandWord]
    package var redirections: [CommandRedirection]
    package var input: Input
    /// The wrappers it runs through, outermost first, such as `sudo` and `xargs`.
    package var wrappers: [String]
    /// The folder it runs in, seen from the start; `nil` where unknown.
    package var directory: String?
    /// Whether it runs on another machine or in another container.
    package var isRemote: Bool
    /// Assignments that stand before it.
    package var environment: [String: CommandWord]
    /// Whether its output feeds another command.
    package var feedsPipe: Bool

    /// The program's name without its folder, or `nil` where it isn't known.
    package var program: String? {
        guard let first = argv.first, let text = first.exact else { return nil }
        return CommandNames.base(of: text)
    }

    /// Makes a command.
    package init(
        argv: [CommandWord], redirections: [CommandRedirection] = [], input: Input = .inherited, wrappers: [String] = [],
        directory: String? = ".", isRemote: Bool = false, environment: [String: CommandWord] = [:], feedsPipe: Bool = false
    ) {
        self.argv = argv
        self.redirections = redirections
        self.input = input
        self.wrappers = wrappers
        self.directory = directory
        self.isRemote = isRemote
        self.environment = environment
        self.feedsPipe = feedsPipe
    }
}

/// Something in a command that only running it would tell.
package struct CommandUnknown: Hashable, Sendable {
    /// A stable dotted code such as `command.computed`.
    package let id: String
    /// One sentence for a person.
    package let message: String

    /// Makes one.
    package init(_ id: String, _ message: String) {
        self.id = id
        self.message = message
    }
}

/// What reading a command's text found. Early and for people: what runs is judged again where it runs.
package struct CommandReading: Sendable {
    /// The simple commands in the order in which they stand.
    package var commands: [ReadCommand] = []
    /// What could not be read; anything here makes the whole at least `unknown`.
    package var unknowns: [CommandUnknown] = []
    /// Every program named, wrappers included, without folders.
    package var programs: [String] = []
    /// Set where the text destroys by itself, such as a fork bomb.
    package var hazards: [CommandUnknown] = []

    /// Makes an empty reading.
    package init() {}
}

/// Small facts about programs' names.
enum CommandNames {
    /// The last component of a path.
    static func base(of path: String) -> String {
        var name = path[...]
        if let slash = path.utf8.lastIndex(of: 0x2F) { name = path[path.utf8.index(after: slash)...] }
        if name.utf8.last == 0x65, name.hasSuffix(".exe") { name = name.dropLast(4) }
        return String(name)
    }

    /// Whether a path names a program of the system rather than a file of the workspace.
    static func isSystem(_ path: String) -> Bool {
        guard path.utf8.contains(0x2F) else { return true }
        for folder in ["/bin/", "/usr/bin/", "/sbin/", "/usr/sbin/", "/usr/local/bin/", "/usr/local/sbin/", "/opt/homebrew/bin/"]
        where path.hasPrefix(folder) && !path.dropFirst(folder.count).utf8.contains(0x2F) { return true }
        return false
    }
}
