internal import IO
internal import NIOCore

/// What `deskroom serve` exits with (numbers from 64 on are those of sysexits.h); `docs/life.md` has the same list.
package enum RoomExit: Int32, CaseIterable, Sendable {
    /// It was told to end, and has; or it ended by itself, and `life.codes` is off.
    case ended = 0
    /// Nobody was there for `life.empty`.
    case endedEmpty = 10
    /// The session has lasted for `life.longest`.
    case endedLongest = 11
    /// A flag that there is not.
    case usage = 64
    /// A program that the desk cannot do without is not installed.
    case missingProgram = 69
    /// A mistake of ours.
    case internalError = 70
    /// A port is taken, or may not be opened.
    case noPort = 71
    /// A setting, or a file that one names, is of no use.
    case configuration = 78

    package init(_ end: RoomLife.End?, hasCodes: Bool) {
        switch end {
        case .empty where hasCodes: self = .endedEmpty
        case .longest where hasCodes: self = .endedLongest
        default: self = .ended
        }
    }

    /// For whoever reads `--help`.
    static let help =
        """
        SIGTERM lets the session go on until everybody has left, for life.grace seconds at most; people are told. A second one, \
        SIGINT and SIGHUP end it at once.

        """ + "EXIT STATUS:\n"
        + allCases.map { "  \($0.rawValue < 10 ? " " : "")\($0.rawValue)  \($0.meaning)" }.joined(
            separator: "\n"
        )

    private var meaning: String {
        switch self {
        case .ended: "the room has ended as it was told to, or by itself"
        case .endedEmpty: "nobody was there for life.empty minutes (where life.codes is on)"
        case .endedLongest: "the session has lasted for life.longest minutes (where life.codes is on)"
        case .usage: "the command line is not understood"
        case .missingProgram: "a program that the desk needs is not installed"
        case .internalError: "a mistake of the room's own"
        case .noPort: "a port is taken, or may not be opened"
        case .configuration: "a setting, or a file that one names, has to be mended"
        }
    }

    /// What a room that could not go on exits with.
    package init(_ error: any Error) {
        switch error {
        case is ConfigurationError: self = .configuration
        case is MissingProgram: self = .missingProgram
        case is IOError, is SystemError: self = .noPort
        default: self = .internalError
        }
    }
}

/// A program that the desk cannot do without is not installed.
package struct MissingProgram: Error, CustomStringConvertible {
    package var names: [String]

    package var description: String {
        """
        the desk needs \(names.joined(separator: " and ")), which is not in the PATH. Install it, or give the room a desk that is \
        there already (desk.display, desk.sound)
        """
    }

    /// - Parameter programs: The needed ones that are missing.
    package init?(_ programs: [String]) {
        if programs.isEmpty { return nil }
        names = programs
    }
}
