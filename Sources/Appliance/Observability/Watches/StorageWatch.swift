internal import IO
internal import Logging
internal import NIOPosix
internal import ServiceLifecycle

/// Says when there is no room left where programs on the desk make files, and when there is again.
///
/// The room goes on without: it writes nothing there once it has started. What fails are activities, each in its own way and
/// often without a word.
struct StorageWatch: Service, CustomStringConvertible {
    let places: [FullPlaces.Place]
    let problems: Problems
    let log: Logger

    var description: String { "storage" }

    /// - Parameter paths: As ``paths(_:_:_:)`` has them.
    init(_ paths: [String], _ problems: Problems, _ log: Logger) {
        let names = ["the home directory", "the runtime directory", "the directory for temporary files"]
        places = zip(names, paths).map { FullPlaces.Place(name: $0, path: $1) }
        self.problems = problems
        self.log = log
    }

    /// Where programs on the desk make files.
    ///
    /// - Parameter environment: The keeper's own.
    static func paths(
        _ directory: RuntimeDirectory,
        _ confinement: DeskConfinement,
        _ own: DeskHome?,
        _ environment: [String: String]
    ) -> [String] {
        let home = own?.home ?? confinement.confinement.user?.home ?? environment["HOME"]
        return [home ?? "/", directory.path, own?.temporary ?? environment["TMPDIR"] ?? "/tmp"]
    }

    func run() async { await cancelWhenGracefulShutdown { await watch() } }

    private func watch() async {
        var full = FullPlaces()
        repeat {
            // A file system may make whoever asks wait: on a thread that is there for that.
            let places = places
            guard
                let left = try? await NIOThreadPool.singleton.runIfActive({
                    places.map { ($0.name, FreeSpace(of: $0.path)) }
                }), full.handle(left)
            else { continue }
            problems.set(full.words, of: "storage")
            if let words = full.words {
                log.warning(
                    "The disk is full; the room goes on, but programs on the desk may fail",
                    metadata: ["reason": "\(words)"]
                )
            } else {
                log.notice("There is room on the disk again")
            }
        } while (try? await Task.sleep(for: Self.period)) != nil
    }

    private static let period = Duration.seconds(5)
}
