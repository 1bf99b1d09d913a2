internal import ArgumentParser
internal import CLinux
internal import Foundation
internal import GstBridge
internal import IO
internal import Logging

/// `deskroom desk`: the process that the room starts for capture and input.
struct DeskProcessCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "desk",
        abstract: "Capture and input of one X display; started by `deskroom serve`."
    )

    @Option(help: "The descriptor of an inherited socket, whose other end the room has.")
    var link: Int32

    @Option(help: "The X display; default: DISPLAY.")
    var display: String?

    @Option(help: "How the screen is captured: damage or ximagesrc.")
    var capture: Configuration.Capture = .damage

    @Flag(help: "The size of the screen may be changed.")
    var ownsScreen = false

    @Option(help: "The PulseAudio server, as in PULSE_SERVER.")
    var sound: String?

    @Option(help: "The PulseAudio source to send.")
    var soundSource = "desk.monitor"

    @Option(help: "The folder for files, from the home directory on; without it there is none.")
    var folder: String?

    @Option(help: "The PulseAudio sink that people's voices are played into.")
    var peopleSink: String?

    @Option(help: "The least important messages to log.")
    var logLevel = "info"

    @Option(help: "How to log: text or json.")
    var logFormat = LogLine.Format.text

    @Option(help: "What the session is called in the log.")
    var session = ""

    func run() async throws {
        // What an encoder took goes back when it ends, and threads that allocate little share their heaps.
        mallopt(M_MMAP_THRESHOLD, Self.largeBlock)
        mallopt(M_ARENA_MAX, 2)
        // Programs on the desk may run as the same user.
        ProcessPrivacy.protect()
        guard let display = display ?? ProcessInfo.processInfo.environment["DISPLAY"] else {
            throw ValidationError("there is neither --display nor DISPLAY")
        }
        let sink = LoggingSystem.bootstrapDeskroom(
            Logger.Level(rawValue: logLevel) ?? .info,
            LogIdentity(logFormat, session: session, process: "desk")
        )
        defer { sink.flush() }
        let composer = DeskComposer(
            link: link,
            display: display,
            capture: capture == .damage ? .damage : .ximagesrc,
            soundServer: sound,
            soundSource: soundSource,
            folder: folder.flatMap(Self.absolute),
            ownsScreen: ownsScreen,
            peopleSink: peopleSink
        )
        try await composer.run()
    }
}

extension DeskProcessCommand {
    /// A relative path is below the home directory; `nil` where there is none.
    private static func absolute(_ path: String) -> String? {
        if path.hasPrefix("/") { return path }
        return ProcessInfo.processInfo.environment["HOME"].map { "\($0)/\(path)" }
    }

    /// Bytes; less than the smallest plane of a picture.
    private static let largeBlock: CInt = 1 << 17
}

extension Configuration.Capture: ExpressibleByArgument {}
extension LogLine.Format: ExpressibleByArgument {}
